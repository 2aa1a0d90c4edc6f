# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The functions that the cases of the emulated Pi share; `check` sources it.
#
# Times of reactions are by the Pi's own clock, from the pins as the simulated chair inside reads
# them. Every write to the pins, recorded from outside, is in $PI_DIR/history; a case that makes the
# chair move opens a window, and a pin that is high outside of windows fails the tier at its end.

pi() { "$here/pi" "$@"; }
# Nothing inside waits for longer, not even for a rest and a session.
inside() { pi run -t 600 "bash /opt/bench/inside ${*@Q}"; }
fail() { echo "$*" >&2; exit 1; }

# --- reports of a case -------------------------------------------------------------------------

record_bound() { echo "$*" >>"$case_dir/bounds"; }
record() { echo "$*" >>"$case_dir/measured"; }

# within WHAT MEASURED BOUND: in ms
within() {
	record_bound "$1 $3 ms"
	record "$1 $2 ms"
	(($2 <= $3)) || fail "$1 took $2 ms, $3 ms are allowed"
}

# --- the pins, from outside --------------------------------------------------------------------

high_now() { "$tools/pins" show "$PI_DIR/monitor" | grep high; }

window_open() { echo "$EPOCHREALTIME" >"$work/window"; }

# Everything is low now and has to stay so.
window_close() {
	[[ ! -e $work/window ]] || echo "$(<"$work/window") $EPOCHREALTIME" >>"$work/windows"
	rm -f "$work/window"
	! high_now || fail "pins are high"
}

# --- the chair ---------------------------------------------------------------------------------

# A session in mid-hold: the motor presses, and the charge pump runs.
hold() {
	window_open
	inside hold
	high_now | grep -q "^GPIO12 " || fail "nothing presses in the midst of a hold"
}

# await_release SINCE SECONDS [PRESS_MS PUMP_MS LOW_MS]: wait until all pins are low. With bounds:
# of the press being off, the charge pump at rest, all low; "": no bound.
await_release() {
	local press pump low times
	times=$(inside low "$1" "$2")
	read -r press pump low <<<"$times"
	window_close
	[[ -z ${3:-} ]] || within "press off" "$press" "$3"
	[[ -z ${4:-} ]] || within "pump still" "$pump" "$4"
	[[ -z ${5:-} ]] || within "all low" "$low" "$5"
}

# The chair is back and idle, and nothing was switched on meanwhile.
nothing_resumes() {
	inside idle 60
	! high_now || fail "something has come on by itself"
}

# After a case that failed.
tidy() {
	[[ -e $work/dirty ]] || return 0
	rm -f "$work/dirty"
	pi run 'journalctl --no-pager --boot --output=short-precise --lines=500' >"$case_dir/journal"
	inside recover
	window_close
}
