# SPDX-License-Identifier: MIT
# shellcheck shell=bash

# While it holds: the press pushes and does not pull, its PWM has the duty that the chair tells,
# the charge pump toggles. Then it is stopped, and everything gets low.
case_session_over_mqtt() {
	local from seen duty told at
	from=$(inside mark)
	hold
	told=$(inside heard "$from" telemetry | sed -n 's/.*"depth":{"drive_permille":\([0-9-]*\).*/\1/p' | tail -n 1)
	seen=$("$tools/pins" watch "$PI_DIR/monitor" 3)
	echo "$seen"
	grep -q '^GPIO12 duty 100' <<<"$seen" || fail "the press does not push all the time"
	! grep '^GPIO20 duty' <<<"$seen" | grep -v 'duty 0\.0*' || fail "the press pulls, too"
	duty=$(sed -n 's/^GPIO21 duty \([0-9.]*\).*/\1/p' <<<"$seen")
	tell_bound "duty within 2 points"
	tell "duty $duty %, told $told per mille"
	awk -v seen="$duty" -v told="$told" 'BEGIN { d = seen - told / 10; exit !(seen > 0 && d <= 2 && d >= -2) }' ||
		fail "the duty is not what was told"
	awk '/^GPIO16/ { edges = $5 } END { exit !(edges > 200) }' <<<"$seen" || fail "the charge pump does not run"
	tell_bound "pump 200 edges in 3 s"
	tell "pump $(sed -n 's/^GPIO16.*edges \([0-9]*\).*/\1/p' <<<"$seen") edges"
	at=$(pi run 'echo $EPOCHREALTIME; bash /opt/bench/inside ask stop >/dev/null')
	lets_go "$at" 30 "" "" 8000
	nothing_resumes
}

case_session_completed() {
	local from
	window_open
	from=$(inside mark)
	inside play bench-short '"event_type":"(completed|aborted|tripped)"' 150 | grep completed
	lets_go "$(pi run 'echo $EPOCHREALTIME')" 30
	inside heard "$from" '"event_type":"hold_done"' | grep -c . | grep -qx 2 || fail "not both holds were done"
	tell_bound "completed, 2 holds"
	tell "so"
}
