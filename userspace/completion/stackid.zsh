#compdef stackid
# SPDX-License-Identifier: GPL-2.0
# Completion of stackid for zsh, installed as _stackid.  It knows no option itself: it asks the
# command (--list-commands, --list-options), so it cannot fall behind.

# _stackid_argument KIND LIST: values for an option's argument; LIST says that it may be several by
# commas.
_stackid_argument()
{
	local -a values

	if [[ $1 == file ]]; then
		_files
		return
	fi
	[[ -z $2 ]] || compset -P '*,'
	case $1 in
	event)	_stackid_events; return ;;
	user)	_users; return ;;
	pid)	values=(/proc/<->(N:t)) ;;
	comm)	values=(${(uf)"$(cat /proc/<->/comm(N) 2>/dev/null)"}) ;;
	cpu)	values=(/sys/devices/system/cpu/cpu<->(N:t)); values=(${values#cpu}) ;;
	*)	values=(${=1}) ;;
	esac
	compadd -a values
}

_stackid_events()
{
	local -a events

	events=(${${(f)"$(stackid list -q "$PREFIX*" 2>/dev/null)"}%% *})
	compadd -a events
}

_stackid()
{
	local -a rows row specs
	local line short long arg help action list
	local -i dashes

	if ((CURRENT == 2)); then
		if [[ $PREFIX == -* ]]; then
			compadd -- --help --version
			return
		fi
		rows=(${(f)"$(stackid --list-commands 2>/dev/null)"})
		rows=(${${rows//:/\\:}/$'\t'/:})
		_describe -t commands command rows
		return
	fi
	if [[ $words[2] == help ]]; then
		((CURRENT > 3)) || compadd -- ${${(f)"$(stackid --list-commands 2>/dev/null)"}%%$'\t'*}
		return
	fi
	# Behind -- stands another program's command line.
	dashes=${words[(i)--]}
	if ((dashes < CURRENT)); then
		shift $dashes words
		((CURRENT -= dashes))
		_normal
		return
	fi

	for line in ${(f)"$(stackid --list-options $words[2] 2>/dev/null)"}; do
		row=("${(@ps:\t:)line}")
		short=$row[1] long=$row[2] arg=${row[3]//:/\\:}
		help=${${row[5]//\]/\\]}//\[/\\[}
		list='' action=' '
		[[ $arg != *\[,* ]] || list=yes
		[[ -z $row[4] ]] || action=" _stackid_argument ${(q)row[4]} $list"
		if [[ -z $arg ]]; then
			[[ -z $short ]] || specs+=("($short $long)${short}[$help]")
			specs+=("($short $long)${long}[$help]")
		elif [[ $arg == '[='* ]]; then
			# It has to stand in the option's word, if at all.
			[[ -z $short ]] || specs+=("($short $long)${short}-[$help]::$arg:$action")
			specs+=("($short $long)${long}=-[$help]::$arg:$action")
		else
			if [[ $row[6] == long ]]; then
				specs+=("*${short}[$help]")
			elif [[ -n $short ]]; then
				specs+=("*${short}+[$help]:$arg:$action")
			fi
			specs+=("*${long}=[$help]:$arg:$action")
		fi
	done
	[[ $words[2] != list ]] || specs+=('*:event:_stackid_events')
	[[ $words[2] != (diff|flamegraph) ]] || specs+=('*:file:_files')
	# _arguments counts from the command's own word.
	shift words
	((CURRENT -= 1))
	_arguments -s $specs
}

_stackid "$@"
