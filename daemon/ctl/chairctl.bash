# SPDX-License-Identifier: MIT
#
# bash completion for chairctl(1). Subcommands and options are asked of the program itself;
# profiles and actuators are read from the files, so that no broker is waited for.

# The value of a setting, or of the option that overrides it.
_chairctl_setting() { # OPTION KEY DEFAULT
	local i config=/etc/chaird/chaird.cfg value=

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		"$1") value=${COMP_WORDS[i + 1]} ;;
		--config | -c) config=${COMP_WORDS[i + 1]} ;;
		esac
		[[ ${COMP_WORDS[i + 1]} == = && ${COMP_WORDS[i]} == "$1" ]] && value=${COMP_WORDS[i + 2]}
	done
	[[ $value ]] || value=$(sed -n 's/^[[:space:]]*'"$2"'[[:space:]]*[=:][[:space:]]*"\(.*\)".*/\1/p' "$config" 2>/dev/null)
	printf '%s\n' "${value:-$3}"
}

_chairctl_profiles() {
	local dir file

	dir=$(_chairctl_setting --profiles profiles_dir /usr/share/chaird/profiles)
	for file in "$dir"/sessions/*.cfg; do
		[[ -e $file ]] && basename "$file" .cfg
	done
}

# In a chair's file nothing but an actuator has a name.
_chairctl_actuators() {
	grep -ho '\bname *[=:] *"[^"]*"' "$(_chairctl_setting --chair chair_file /etc/chaird/chair.cfg)" 2>/dev/null |
		cut -d '"' -f 2
}

_chairctl_faults() {
	local actuator

	echo estop= seat= read-fail write-fail= late=
	for actuator in $(_chairctl_actuators); do
		echo {stuck,dead,no-pulses,sensor-offset,sensor-fail}":$actuator"
	done
}

_chairctl_words() { # WORDS: those that begin like the current one
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_chairctl() {
	local cur prev words cword split

	# --option=value is one word here, and "prev" its option
	_init_completion -s -n : || return
	if ((cword == 1)); then
		_chairctl_words "$(chairctl --help | sed -n 's/^  \([a-z]*\)  .*/\1/p') --help --version"
		return
	fi
	case $prev in
	--chair | --config | -c | --password-file | --trace)
		_filedir
		return
		;;
	--profiles)
		_filedir -d
		return
		;;
	--host | -H)
		_known_hosts_real -- "$cur"
		return
		;;
	--actuator)
		_chairctl_words "$(_chairctl_actuators)"
		return
		;;
	--fault | -f)
		if [[ $prev == --fault || ${words[1]} == simulate ]]; then
			_chairctl_words "$(_chairctl_faults)"
			compopt -o nospace
			__ltrim_colon_completions "$cur"
			return
		fi
		;;
	--*) # of the rest, those that take a value take one that cannot be guessed
		[[ $split == true ]] && return
		chairctl "${words[1]}" --help | grep -q -- "$prev=" && return
		;;
	esac
	if [[ $cur == -* ]]; then
		_chairctl_words "$(chairctl "${words[1]}" --help | grep -o -- '--[a-z-]*=\?')"
		[[ ${COMPREPLY-} == *= ]] && compopt -o nospace
		return
	fi
	case ${words[1]} in
	run)
		_chairctl_words "$(_chairctl_profiles)"
		;;
	simulate)
		_chairctl_words "$(_chairctl_profiles)"
		_filedir cfg
		;;
	check)
		_filedir cfg
		;;
	jog | home)
		_chairctl_words "$(_chairctl_actuators)"
		;;
	esac
}

complete -F _chairctl chairctl
