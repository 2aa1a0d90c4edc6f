# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# The broker may be away for 5 s (grace_s). A frozen one counts as lost 3 s after an answer was due.

case_broker_stopped() {
	local at
	hold
	at=$(inside at systemctl stop mosquitto | head -n 1)
	await_release "$at" 40 6000 "" 14000
	pi run 'systemctl start mosquitto'
	nothing_resumes
}

case_broker_frozen() {
	local at
	hold
	at=$(inside at systemctl kill --signal=STOP mosquitto)
	await_release "$at" 60 9000 "" 17000
	pi run 'systemctl kill --signal=CONT mosquitto'
	nothing_resumes
}

# A broker that is back within the time ends nothing, and starts nothing.
case_broker_restarted() {
	local at
	hold
	at=$(inside at systemctl restart mosquitto | head -n 1)
	pi run 'sleep 8' # more than the broker may be away
	pi run "awk -v since=$at '\$1 > since && \$2 == \"GPIO12\" && !\$3 { exit 1 }' /run/plant.history" ||
		fail "a broker that was back at once has ended the hold"
	record_bound "goes on"
	record "so"
	await_release "$(pi run 'echo $EPOCHREALTIME; bash /opt/bench/inside ask stop >/dev/null')" 30
	nothing_resumes
}
