// SPDX-License-Identifier: MIT
//
// uPlot, as a script of its own that plot.jsx loads when a plot is first shown.
import uPlot from 'uplot';

globalThis.uPlot = uPlot;
