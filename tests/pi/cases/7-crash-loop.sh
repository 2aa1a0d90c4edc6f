# SPDX-License-Identifier: MIT
# shellcheck shell=bash

# The third failure within a minute locks the guard out, and only a person at the machine lifts it.
case_crash_loop() {
	pi run 'systemctl reset-failed; systemctl restart chairguard
		for i in 1 2 3; do
			for ((n = 0; n < 100; n++)); do systemctl --quiet is-active chairguard && break; sleep 0.1; done
			systemctl kill --signal=KILL chairguard; sleep 0.5
		done
		for ((n = 0; n < 150; n++)); do [[ -e /var/lib/chairguard/lockout ]] && break; sleep 0.1; done
		cat /var/lib/chairguard/lockout
		systemctl start chairguard; ! systemctl --quiet is-active chairguard'
	! high_now || fail "pins are high in a crash loop"
	pi run 'systemctl start chair-unlock; systemctl start chaird'
	nothing_resumes
	inside ask status | grep -q '"mode":"off"' || fail "not off after the local reset"
	record_bound "off until the local reset"
	record "so"
}
