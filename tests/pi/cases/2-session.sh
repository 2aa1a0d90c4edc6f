# SPDX-License-Identifier: MIT
# shellcheck shell=bash

# The number of changes of the charge pump since a line of the history: GPIO16 is the lowest bit of
# the fourth digit.
pump_edges() { # LINE
	tail -n "+$1" "$PI_DIR/history" | awk '
		{ high = index("13579bdf", substr($2, 4, 1)) > 0 }
		NR > 1 && high != was { edges++ }
		{ was = high }
		END { print edges + 0 }'
}

# While it holds: the press pushes and does not pull, its PWM has the duty that the chair reports,
# the charge pump toggles. Then it is stopped, and everything gets low.
case_session_over_mqtt() {
	local from seen duty reported at line pump
	from=$(inside mark)
	hold
	reported=$(inside heard "$from" telemetry | sed -n 's/.*"depth":{"drive_permille":\([0-9-]*\).*/\1/p' | tail -n 1)
	line=$(wc -l <"$PI_DIR/history")
	seen=$("$tools/pins" watch "$PI_DIR/monitor" 5)
	pump=$(pump_edges "$line")
	echo "$seen"
	grep -qx 'GPIO12 duty 100 edges 0' <<<"$seen" || fail "the press does not push all the time"
	grep -qx 'GPIO20 duty 0 edges 0' <<<"$seen" || fail "the press pulls, too"
	duty=$(sed -n 's/^GPIO21 duty \([0-9.]*\).*/\1/p' <<<"$seen")
	record_bound "duty within 2 points"
	record "duty $duty %, reported $reported per mille"
	awk -v seen="$duty" -v reported="$reported" 'BEGIN { d = seen - reported / 10; exit !(seen > 0 && d <= 2 && d >= -2) }' ||
		fail "the duty differs from the reported one"
	record_bound "pump 400 edges in 5 s"
	record "pump $pump edges"
	((pump >= 400)) || fail "the charge pump does not run"
	at=$(pi run 'echo $EPOCHREALTIME; bash /opt/bench/inside ask stop >/dev/null')
	await_release "$at" 30 "" "" 8000
	nothing_resumes
}

case_session_completed() {
	local from
	window_open
	from=$(inside mark)
	inside play bench-short '"event_type":"(completed|aborted|tripped)"' 150 | grep completed
	await_release "$(pi run 'echo $EPOCHREALTIME')" 30
	inside heard "$from" '"event_type":"hold_done"' | grep -c . | grep -qx 2 || fail "not both holds were done"
	record_bound "completed, 2 holds"
	record "so"
}
