# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh
# A program on a terminal: keys are sent to it, and its screen is looked at.  Sourced by
# tests; each waits for a condition, at most SCREEN_LIMIT seconds. In the emulator looking once can take 0.3 s, so that a
# number of looks would be no limit.
SCREEN_LIMIT=60

# Servers of this test alone, with nobody's settings; a new one each time, as the last one
# may not be gone yet.
tmux_sockets=$(mktemp -d)
tmux_nr=0
on_tmux() {
	tmux -S "$tmux_sockets/$tmux_nr" -f /dev/null "$@"
}

# screen_start COLUMNS LINES COMMAND: in the shell, which stays; its files before and
# after are the terminal's modes.
screen_start() {
	tmux_nr=$((tmux_nr + 1))
	rm -f before after
	# An interrupt is for the program, and the shell says how that ended.
	cat >on_screen <<-END
		trap : INT
		stty -g >before
		$3
		echo "it ended with \$?"
		stty -g >after
		exec sleep 1000
	END
	on_tmux new-session -d -x "$1" -y "$2" "exec sh on_screen"
}

screen_stop() {
	on_tmux kill-server 2>/dev/null
}

screen() {
	on_tmux capture-pane -p
}

keys() {
	on_tmux send-keys "$@"
}

# until_screen PATTERN...: all of them are on it
until_screen() {
	_end=$(($(date +%s) + SCREEN_LIMIT))
	while :; do
		screen >screen
		_missing=
		for _pattern; do
			grep -qE -e "$_pattern" screen || _missing=$_pattern
		done
		[ "$_missing" ] || return 0
		[ "$(date +%s)" -lt $_end ] || break
		sleep 0.02
	done
	echo "no '$_missing' on the screen:"
	cat screen
	return 1
}

# no_screen PATTERN: it is not on the screen that was looked at last
no_screen() {
	grep -qE -e "$1" screen || return 0
	echo "'$1' is on the screen:"
	cat screen
	return 1
}

# The pid of the program whose command line has the words.
pid_on_screen() {
	pgrep -P "$(on_tmux display-message -p '#{pane_pid}')" -f "$1"
}

# ends_well STATUS: the program has ended with it and left the terminal as it was
ends_well() {
	until_screen "^it ended with $1\$" || return 1
	_end=$(($(date +%s) + SCREEN_LIMIT))
	until [ -s after ] || [ "$(date +%s)" -ge $_end ]; do
		sleep 0.02
	done
	cmp before after || return 1
	[ "$(on_tmux display-message -p '#{alternate_on} #{cursor_flag}')" = "0 1" ] && return 0
	echo "alternate screen, cursor: $(on_tmux display-message -p '#{alternate_on} #{cursor_flag}')"
	return 1
}
