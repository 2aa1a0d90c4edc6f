# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# What the cases of the emulated Pi stand on; `check` sources it. Times are this machine's, in us.
#
# The pins are recorded from outside the whole time. A case that makes the chair move opens a
# window; whatever is high outside of windows fails the tier at its end.

pi() { "$here/pi" "$@"; }
inside() { pi run "/opt/bench/inside ${*@Q}"; }
now_us() { echo "${EPOCHREALTIME//[^0-9]/}"; }

fail() { echo "$*" >&2; exit 1; }

# --- what a case tells of itself ---------------------------------------------------------------

tell_bound() { echo "$*" >>"$case_dir/bounds"; }
tell() { echo "$*" >>"$case_dir/measured"; }

# within WHAT US BOUND_MS
within() {
	tell_bound "$1 $3 ms"
	tell "$1 $((($2 + 500) / 1000)) ms"
	(($2 <= $3 * 1000)) || fail "$1 took $(($2 / 1000)) ms, $3 ms are allowed"
}

# --- the pins ----------------------------------------------------------------------------------

record_begin() {
	record=$work/record-$((++n_records))
	"$tools/pins" "$PI_DIR/record" record >"$record" 2>"$record.err" &
	recorder=$!
	while [[ ! -s $record ]] && kill -0 "$recorder" 2>/dev/null; do sleep 0.02; done
}

record_end() {
	kill "$recorder" 2>/dev/null
	wait "$recorder" 2>/dev/null
	recorder=
}

recording() { kill -0 "$recorder" 2>/dev/null || fail "the recorder of the pins has ended: $(<"$record.err")"; }

# Has the record PIN at LEVEL (0, 1) at SINCE or later? Prints when first.
pin_at() { # PIN LEVEL SINCE
	awk -v pin="$1" -v level="$2" -v since="$3" '
		function is_high(mask) {
			return int((index("0123456789abcdef", substr(mask, 8 - int(pin / 4), 1)) - 1) / 2 ^ (pin % 4)) % 2
		}
		/^#/ { next }
		before && $1 >= since && was == level { printf "%d\n", since; found = 1; exit }
		{ before = 1; was = is_high($2) }
		$1 >= since && was == level { printf "%d\n", $1; found = 1; exit }
		END {
			if (!found && before && was == level) { printf "%d\n", since; found = 1 }
			exit !found
		}' "$record"
}

# How often PIN has changed between two times.
pin_edges() { # PIN FROM TO
	awk -v pin="$1" -v from="$2" -v to="$3" '
		function is_high(mask) {
			return int((index("0123456789abcdef", substr(mask, 8 - int(pin / 4), 1)) - 1) / 2 ^ (pin % 4)) % 2
		}
		/^#/ { next }
		{ if ($1 >= from && $1 < to && is_high($2) != was) n++; was = is_high($2) }
		END { print n + 0 }' "$record"
}

# When PIN, which stands still now, changed last; SINCE where that was before.
pin_still_since() { # PIN SINCE
	awk -v pin="$1" -v since="$2" '
		function is_high(mask) {
			return int((index("0123456789abcdef", substr(mask, 8 - int(pin / 4), 1)) - 1) / 2 ^ (pin % 4)) % 2
		}
		/^#/ { next }
		{ if ($1 > since && is_high($2) != was) last = $1; was = is_high($2) }
		END { printf "%d\n", last ? last : since }' "$record"
}

# Wait until every pin has been low for a second; prints since when.
await_low() { # SINCE SECONDS
	local deadline=$(($(now_us) + $2 * 1000000)) last
	while recording; do
		last=$(grep -v '^#' "$record" | tail -n 1)
		read -r t high _ <<<"$last"
		if [[ $high == 00000000 ]] && (($(now_us) - t > 1000000)); then
			echo $((t > $1 ? t : $1))
			return
		fi
		(($(now_us) < deadline)) || fail "$2 s later pins are high: $high"
		sleep 0.1
	done
}

window_open() { now_us >"$work/window"; }
window_close() { # AT
	[[ ! -e $work/window ]] || echo "$(<"$work/window") $1" >>"$work/windows"
	rm -f "$work/window"
}

# Everything is low, at last at the time that is printed, and has to stay so from then on.
let_go() { # SINCE SECONDS
	local low_us
	low_us=$(await_low "$1" "$2") || exit 1
	window_close "$low_us"
	echo "$low_us"
}

# --- the clocks --------------------------------------------------------------------------------

# The Pi's clock and ours run at the same rate. It writes its time on the console, which needs next
# to nothing to get here: the smallest difference of many is the one.
sync_clocks() {
	local reader
	tail -n 0 -f "$PI_DIR/console" > >(while IFS= read -r line; do
		[[ ! $line =~ bench\ clock\ ([0-9]+)\.([0-9]+) ]] ||
			echo $((${EPOCHREALTIME//[^0-9]/} - ${BASH_REMATCH[1]}${BASH_REMATCH[2]}))
	done >"$work/clock") &
	reader=$!
	sleep 0.5
	pi run 'for i in {1..40}; do echo "bench clock $EPOCHREALTIME" >/dev/ttyAMA0; sleep 0.03; done'
	kill "$reader"
	wait "$reader" 2>/dev/null
	[[ -s $work/clock ]] || fail "the clocks could not be compared"
	sort -n "$work/clock" | head -n 1 >"$work/clock-offset"
}

# A time of the Pi's, in seconds with digits after the point, in our us.
to_host() {
	[[ $1 =~ ^([0-9]+)[.,]([0-9]{6}) ]] || fail "no time: $1"
	echo $((${BASH_REMATCH[1]}${BASH_REMATCH[2]} + $(<"$work/clock-offset")))
}

# --- the chair ---------------------------------------------------------------------------------

DEPTH_FORWARD=12 DEPTH_REVERSE=20 DEPTH_PWM=21 PUMP=16 # of chair.cfg

# A session in mid-hold: the motor presses, and the charge pump runs.
hold() {
	window_open
	inside play bench-hold '/state .*"phase":"hold"' 90 >/dev/null
	sleep 1
	pin_at $DEPTH_FORWARD 1 "$(now_us)" >/dev/null || fail "nothing presses in the midst of a hold"
}

# Whatever happened, let go, and be as before a session.
tidy() {
	[[ ! -e $work/dirty ]] || {
		pi run 'systemctl unfreeze mosquitto 2>/dev/null
			rm -f /var/lib/chairguard/lockout
			systemctl stop chaird chairguard; systemctl reset-failed
			/opt/bench/plant estop=0 seat=1
			systemctl restart mosquitto; systemctl start chairguard chaird' >/dev/null 2>&1
		rm "$work/dirty"
	}
	[[ ! -e $work/window ]] || (let_go "$(now_us)" 60 >/dev/null) || window_close "$(now_us)"
}
