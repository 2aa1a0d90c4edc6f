# SPDX-License-Identifier: MIT
#
# bash completion for chairctl(1). Subcommands and options come from the program's own --help;
# profiles and actuators are read from files, without waiting for a broker.

# Value of an option, or of the settings file, or the default. (_init_completion sets words.)
_chairctl_setting() { # OPTION KEY DEFAULT
	local i config=~/.config/chairctl.cfg value=

	[[ -r $config ]] || config=/etc/chaird/chaird.cfg
	for ((i = 1; i < ${#words[@]}; i++)); do
		case ${words[i]} in
		"$1") value=${words[i + 1]-} ;;
		"$1="*) value=${words[i]#*=} ;;
		--config | -c) config=${words[i + 1]-} ;;
		--config=*) config=${words[i]#*=} ;;
		esac
	done
	[[ $value ]] || value=$(sed -n 's/^ *'"$2"' *[=:] *"\(.*\)".*/\1/p' "$config" 2>/dev/null)
	printf '%s\n' "${value:-$3}"
}

# Folder of the library; as the program, that of a checkout if there is no other.
_chairctl_library() {
	local dir

	dir=$(_chairctl_setting --profiles profiles_dir /usr/share/chaird/profiles)
	[[ -d $dir/atlas || ! -d profiles/atlas || " ${words[*]}" == *" --profiles"* ]] || dir=profiles
	printf '%s\n' "$dir"
}

# With those that were sent to the chair.
_chairctl_profiles() {
	local dir stored file

	dir=$(_chairctl_library)
	stored=$(_chairctl_setting '' state_dir /var/lib/chaird)/profiles
	for file in "$dir"/sessions/*.cfg "$stored"/*.cfg; do
		[[ ! -e $file ]] || basename "$file" .cfg
	done
}

# Points, pathways, muscles and regions.
_chairctl_atlas() {
	local dir

	dir=$(_chairctl_library)
	grep -hoE '\b(name|region) *[=:] *"[^"]*"' "$dir"/{atlas,pathways}/*.cfg 2>/dev/null |
		cut -d '"' -f 2 | sort -u
}

# A zone has blanks in it.
_chairctl_zones() {
	local dir zone

	dir=$(_chairctl_library)
	COMPREPLY=()
	while IFS= read -r zone; do
		[[ $zone == "${cur//\\/}"* ]] && COMPREPLY+=("$(printf '%q' "$zone")")
	done < <(chairctl atlas --zones --profiles="$dir" 2>/dev/null)
}

# Points and regions, the last one of those with commas between them.
_chairctl_places() {
	local dir

	[[ $cur != *=* ]] || return
	dir=$(_chairctl_library)
	_chairctl_words "$({
		echo all
		grep -hoE '\b(name|region) *[=:] *"[^"]*"' "$dir"/atlas/*.cfg 2>/dev/null | cut -d '"' -f 2
	} | sort -u | sed "s/^/${cur%"${cur##*,}"}/")"
	compopt -o nospace
}

_chairctl_persons() {
	grep -ho '\bname *[=:] *"[^"]*"' "$(_chairctl_setting --persons persons_file /etc/chaird/persons.cfg)" 2>/dev/null |
		cut -d '"' -f 2
}

# In a chair file only actuators have a name.
_chairctl_actuators() {
	grep -ho '\bname *[=:] *"[^"]*"' "$(_chairctl_setting --chair chair_file /etc/chaird/chair.cfg)" 2>/dev/null |
		cut -d '"' -f 2
}

_chairctl_faults() {
	local actuator

	echo estop= seat= read-fail write-fail= late=
	for actuator in $(_chairctl_actuators); do
		echo {stuck,dead,no-pulses,double-pulses,exchanged,weak,vent-sticks,blocked,shorted,sensor-{offset,fail,zero,frozen,low}}":$actuator"
		echo channel-{fail,frozen,reads}":$actuator."{current,thermistor,pot}
	done
}

_chairctl_words() { # WORDS: those that begin like the current one
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_chairctl() {
	local cur prev words cword split

	# Takes --option=value apart: then prev is the option.
	_init_completion -s -n : || return
	if ((cword == 1)); then
		_chairctl_words "$(chairctl --help | sed -n 's/^  \([a-z-]*\)  .*/\1/p') --help --version"
		return
	fi
	case $prev in
	--closed)
		_chairctl_places
		return
		;;
	--chair | --persons | --config | -c | --password-file | --trace | --svg | --csv | --record)
		_filedir
		return
		;;
	--profiles | --root)
		_filedir -d
		return
		;;
	--host | -H)
		_known_hosts_real -- "$cur"
		return
		;;
	--refers | -r)
		_chairctl_zones
		return
		;;
	--person | -P)
		_chairctl_words "$(_chairctl_persons)"
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
	-*) # of the rest, what takes a value takes one that cannot be guessed
		chairctl "${words[1]}" --help | grep -q -- "^ *\(-., *\)\?$prev=" && return
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
	simulate | explain | diff | tune)
		_chairctl_words "$(_chairctl_profiles)"
		_filedir cfg
		;;
	atlas)
		_chairctl_words "$(_chairctl_atlas)"
		;;
	replay)
		_filedir
		;;
	person)
		case $prev in
		show | remove | consent) _chairctl_words "$(_chairctl_persons)" ;;
		person) _chairctl_words "list show add remove consent" ;;
		esac
		;;
	feedback)
		_chairctl_words "less eased more"
		;;
	jog)
		if _chairctl_actuators | grep -qxF -- "$prev"; then
			_chairctl_words "+ -"
		else
			_chairctl_words "$(_chairctl_actuators)"
		fi
		;;
	calibrate)
		_chairctl_words "$(_chairctl_actuators)"
		;;
	check | put | new-chair)
		_filedir cfg
		;;
	esac
}

complete -F _chairctl chairctl
