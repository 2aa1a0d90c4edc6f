# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The contacts, which the simulated chair inside moves. That homing ends, that the carriage gets to
# its place and the position is the true one, is what end switches and Hall pulses are for.

case_homing_and_travel() {
	local from true_mm reported_mm
	from=$(inside mark)
	hold
	true_mm=$(pi run 'sed -n "s/^carriage \([0-9.-]*\).*/\1/p" /run/plant.state')
	reported_mm=$(inside heard "$from" telemetry | sed -n 's/.*"carriage":{[^}]*"position_mm":\([0-9.-]*\).*/\1/p' | tail -n 1)
	await_release "$(pi run 'echo $EPOCHREALTIME; bash /opt/bench/inside ask stop >/dev/null')" 30
	record_bound "position within 3 mm"
	record "reported $reported_mm mm, true $true_mm mm"
	awk -v a="$reported_mm" -v b="$true_mm" 'BEGIN { exit !(a != "" && a - b <= 3 && b - a <= 3) }' || fail "the position is wrong"
	nothing_resumes
}

case_estop() {
	local at
	hold
	at=$(inside at /opt/bench/plant estop=1 | tail -n 1)
	await_release "$at" 30 50 50 50
	inside ask status | grep -q '"code":"estop"' || fail "the emergency stop is not latched"
	pi run '/opt/bench/plant estop=0; sleep 1'
	! high_now || fail "something has come on without a reset"
	window_open
	at=$(inside at /opt/bench/plant reset | tail -n 1) # it releases the press that the stop has left
	pi run 'sleep 8'
	await_release "$at" 30
	nothing_resumes
}

case_seat() {
	local at
	hold
	at=$(inside at /opt/bench/plant seat=0 | tail -n 1)
	await_release "$at" 30 400 "" 8000 # debounced for 300 ms
	pi run '/opt/bench/plant seat=1; sleep 1'
	nothing_resumes
}

# Prints when the command was run, in the midst of the carriage's way from home to its first point.
travel() {
	window_open
	inside ask home | grep -q '"ok":true' || fail "it does not go home"
	inside idle 60
	inside travel "$@" | tail -n 1
}

# The motor stands at the first edge of an end switch, wherever the carriage seems to be.
case_end_switch() {
	local at forward
	at=$(travel /opt/bench/plant stuck:carriage.end=1+3)
	forward=$(inside falls "$at" GPIO17 5)
	within "forward off" "$forward" 20
	pi run 'bash /opt/bench/inside ask stop >/dev/null; sleep 3'
	await_release "$(pi run 'echo $EPOCHREALTIME')" 30
	nothing_resumes
}

case_lost_pulses() {
	local at forward
	at=$(travel /opt/bench/plant no-pulses:carriage+6)
	forward=$(inside falls "$at" GPIO17 10)
	within "carriage off" "$forward" 3200 # no_pulse_ms
	await_release "$at" 30
	inside ask status | grep -q '"code":"no-pulse"' || fail "the lost pulses are no fault"
	pi run 'sleep 6; /opt/bench/plant reset; sleep 1'
	nothing_resumes
}
