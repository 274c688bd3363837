# SPDX-License-Identifier: GPL-2.0
# Completion of stackid for bash.  It knows no option itself: it asks the command
# (--list-commands, --list-options), so it cannot fall behind.

# Events whose names begin with $1.
_stackid_events()
{
	stackid list -q "$1*" 2>/dev/null | cut -d ' ' -f 1
}

# What may stand for an argument that is $1: the words, one a line.
_stackid_words()
{
	case $1 in
	event)	_stackid_events "$2" ;;
	pid)	(cd /proc && printf '%s\n' [0-9]*) ;;
	comm)	cat /proc/[0-9]*/comm 2>/dev/null ;;
	user)	compgen -u ;;
	cpu)	(cd /sys/devices/system/cpu && printf '%s\n' cpu[0-9]*) | tr -d cpu ;;
	*)	tr ' ' '\n' <<<"$1" ;;
	esac
}

# _stackid_offer BEFORE BEGINNING: those of the lines on stdin that begin so.
# Not compgen -W, which would run what a thread has called itself.
_stackid_offer()
{
	local word

	while IFS= read -r word; do
		[[ $word == "$2"* ]] || continue
		printf -v word %q "$word"
		COMPREPLY+=("$1$word")
	done < <(sort -u)
}

# _stackid_argument KIND ARG: completes $cur, which is ARG's value.
_stackid_argument()
{
	local kind=$1 before="" last=$cur

	[[ $kind ]] || return
	if [[ $kind == file ]]; then
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$cur")
		return
	fi
	# NAME[,NAME] is a list: what stands before the last comma stays.
	if [[ $2 == *\[,* && $cur == *,* ]]; then
		before=${cur%,*},
		last=${cur##*,}
	fi
	_stackid_offer "$before" "$last" < <(_stackid_words "$kind" "$last")
}

# The row of --list-options for option $2 of command $1: argument and kind.  Nothing
# if the argument cannot be a word of its own, unless $3 says that it stands behind a "=".
_stackid_row()
{
	stackid --list-options "$1" 2>/dev/null |
		awk -F '\t' -v o="$2" -v joined="$3" '
			($1 == o && $6 != "long") || $2 == o {
				if (joined || $3 !~ /^\[=/)
					print $3 "\t" $4
				exit
			}'
}

_stackid()
{
	local cur prev words cword command i row joined=""
	# Events have a colon in their names, which bash would break words at.
	_get_comp_words_by_ref -n :=, cur prev words cword

	COMPREPLY=()
	if [[ $cword == 1 ]]; then
		_stackid_offer "" "$cur" < <(
			printf '%s\n' --help --version
			stackid --list-commands 2>/dev/null | cut -f 1)
		return
	fi
	command=${words[1]}
	if [[ $command == help ]]; then
		_stackid_offer "" "$cur" < <(stackid --list-commands 2>/dev/null | cut -f 1)
		return
	fi
	# Behind -- stands another program's command line.
	for ((i = 2; i < cword; i++)); do
		if [[ ${words[i]} == -- ]]; then
			_command_offset $((i + 1))
			return
		fi
	done

	if [[ $cur == --*=* ]]; then
		prev=${cur%%=*}
		cur=${cur#*=}
		joined=1
	fi
	if [[ $prev == -* && $prev != -- ]]; then
		row=$(_stackid_row "$command" "$prev" "$joined")
		if [[ ${row%%$'\t'*} ]]; then
			_stackid_argument "${row#*$'\t'}" "${row%%$'\t'*}"
			__ltrim_colon_completions "$cur"
			return
		fi
	fi
	if [[ $cur == -* ]]; then
		_stackid_offer "" "$cur" < <(
			stackid --list-options "$command" 2>/dev/null | cut -f 1,2 |
				tr '\t' '\n' | grep .)
	elif [[ $command == list ]]; then
		_stackid_offer "" "$cur" < <(_stackid_events "$cur")
		__ltrim_colon_completions "$cur"
	elif [[ $command == diff || $command == flamegraph ]]; then
		_stackid_argument file ""
	fi
}

complete -F _stackid stackid
