# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Bounds: facts/safety.md. A release of this chair takes 6 s to retract and 4 s to vent at most.

dies() { # SECONDS PRESS_MS PUMP_MS LOW_MS UNIT...
	local at
	pi run 'systemctl reset-failed'
	hold
	at=$(inside kill KILL "${@:5}")
	await_release "$at" "$1" "$2" "$3" "$4"
	nothing_resumes
}

case_controller_killed() { dies 30 250 "" 8000 chaird; }
case_guard_killed() { dies 30 500 200 500 chairguard; }
case_both_killed() { dies 30 500 200 500 chairguard chaird; }
