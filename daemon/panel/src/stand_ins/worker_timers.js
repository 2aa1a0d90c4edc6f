// SPDX-License-Identifier: MIT
//
// In place of the package worker-timers: timerVariant 'native' does without.
export const setInterval = null;
export const clearInterval = null;
