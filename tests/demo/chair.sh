# SPDX-License-Identifier: MIT
#
# A simulated recliner with a broker of its own, for the scripts beside this file, which source it.
# They set `name`, for messages. Every process that is started here ends with the script.
#
#   BUILD=DIR      folder of chaird, chairguard and chairctl (build/default)
#   SEED=N         seed of the simulated noise (1): the same seed gives the same chair
#   TRACE=FILE     write every change of a pin there
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "${BUILD:-$here/build/default}" && pwd)
PATH=$PATH:/usr/sbin # mosquitto is not in everybody's PATH

work=$(mktemp -d "${TMPDIR:-/tmp}/chaird-$name.XXXXXX")
pids=()

finish() {
	local code=$?

	trap - EXIT
	# In reverse order of the start: a controller that ends releases through a running guard.
	for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
		kill "${pids[i]}" 2>/dev/null && wait "${pids[i]}" 2>/dev/null || true
	done
	if ((code == 0)); then
		rm -rf "$work"
	else
		echo "$name: failed; the logs are in $work" >&2
		tail -n 5 "$work"/*.log >&2 || true
	fi
	exit "$code"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

fail() {
	echo "$name: $1" >&2
	exit 1
}

# Wait for at most 15 s until a line of a growing log matches; false if none does.
await() { # FILE PATTERN
	timeout 15 grep -qm1 -E "$2" < <(exec tail -n +1 -F --pid=$$ "$1" 2>/dev/null)
}

# --- a broker of our own, on a free port of the loopback ----------------------------------------

try_broker() { # PORT [FOLDER]: on the port after it, a page's folder and MQTT over websockets
	local port=$1 folder=${2:-}

	cat >"$work/mosquitto.conf" <<-END
		listener $port 127.0.0.1
		allow_anonymous true
		persistence false
		set_tcp_nodelay true
		user $(id -un)
	END
	[[ -z $folder ]] || cat >>"$work/mosquitto.conf" <<-END
		listener $((port + 1)) 127.0.0.1
		protocol websockets
		http_dir $folder
	END
	mosquitto -c "$work/mosquitto.conf" >"$work/mosquitto.log" 2>&1 &
	local pid=$!
	if await "$work/mosquitto.log" 'running|Error' && grep -q running "$work/mosquitto.log" &&
		! grep -q Error "$work/mosquitto.log"; then
		pids+=("$pid")
		return 0
	fi
	kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true
	return 1
}

start_broker() { # [FOLDER]; sets `port`
	for ((i = 0; i < 20; i++)); do
		port=$((20000 + RANDOM % 12000)) # below the ports that the kernel hands out by itself
		! try_broker "$port" "$@" || return 0
	done
	fail 'no broker could be started'
}

# --- the two daemons ----------------------------------------------------------------------------

start_daemons() { # SPEED: at most N times real time, or max
	# Settings for the controller and for chairctl.
	cat >"$work/chaird.cfg" <<-END
		chair_file = "$here/profiles/chairs/recliner.cfg";
		profiles_dir = "$here/profiles";
		guard_socket = "$work/guard.sock";
		state_dir = "$work";
		telemetry_hz = 5;
		broker = { host = "127.0.0.1"; port = $port; };
		dose = { limits = "off"; }; # a day of this chair passes in an hour
	END

	# The guard, which owns the lines; here they are simulated.
	"$build/chairguard" --backend=sim --chair="$here/profiles/chairs/recliner.cfg" \
		--socket="$work/guard.sock" --sim-control="$work/sim.sock" --seed="${SEED:-1}" \
		--speed="$1" ${TRACE:+--trace="$TRACE"} >"$work/chairguard.log" 2>&1 &
	pids+=($!)

	# The controller, which owns the session.
	"$build/chaird" --config="$work/chaird.cfg" >"$work/chaird.log" 2>&1 &
	pids+=($!)

	# Wait until the chair is online with its guard.
	"$build/chairctl" watch --config="$work/chaird.cfg" >"$work/watch.log" 2>&1 &
	pids+=($!)
	await "$work/watch.log" '^availability online' && await "$work/watch.log" '^state .* guard=yes' ||
		fail 'the chair did not come online'
}
