# SPDX-License-Identifier: MIT
# shellcheck shell=bash

# A service that ends releases the person first.
ended_by() { # COMMAND
	local at
	pi run 'systemctl reset-failed'
	hold
	at=$(pi run "echo \$EPOCHREALTIME; { $1; } >/dev/null 2>&1")
	await_release "$at" 30 "" "" 10000
}

case_stop_guard() { ended_by 'systemctl stop chairguard'; pi run 'systemctl start chairguard'; nothing_resumes; }
case_stop_controller() { ended_by 'systemctl stop chaird'; pi run 'systemctl start chaird'; nothing_resumes; }
case_restart() { ended_by 'systemctl restart chairguard chaird'; nothing_resumes; }
case_upgrade() {
	ended_by 'dpkg -i /opt/bench/chaird-next.deb'
	pi run 'dpkg-query -W chaird' | grep -q next || fail "it was not upgraded"
	nothing_resumes
}
