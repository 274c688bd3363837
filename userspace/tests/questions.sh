# SPDX-License-Identifier: GPL-2.0
# The five questions of Documentation/sql.md, and their answers by stackid's own
# commands; sourced by those who ask them elsewhere.

MAKE_FLEET=${MAKE_FLEET:-$build/userspace/tests/make_fleet}

# question N: the SQL
question() {
	awk -v n="$1" '/^```sql/ { at++; next } /^```/ { in_it = 0; if (at == n) exit } at == n' \
		"$userspace/../Documentation/sql.md"
}

answerer() {
	case $1 in
	1) echo "report" ;;
	2) echo "export --format folded" ;;
	3) echo "export --format folded --weight bytes_alloc" ;;
	4) echo "offcpu" ;;
	5) echo "ledger" ;;
	esac
}

# ask N FILE: what stackid says to it, of which several can follow one another
ask() {
	case $1 in
	1)
		for _way in --no-children --children; do
			"$STACKID" report -i "$2" $_way -e cpu-clock -g none --stdio -t '|' -n -s dso,sym 2>/dev/null
		done
		;;
	2) "$STACKID" export -F folded -i "$2" -e sched:sched_switch 2>/dev/null ;;
	3) "$STACKID" export -F folded -i "$2" -e kmem:kmalloc --weight bytes_alloc 2>/dev/null ;;
	4) "$STACKID" offcpu -i "$2" --show thread -n 0 --stdio 2>/dev/null ;;
	5) "$STACKID" ledger -i "$2" 2>/dev/null ;;
	esac
}

# rows N: of that what the question asks for, sorted, with | between columns
rows() {
	case $1 in
	1) awk -F '|' '
		/^#/ { children = /Children/ ? 1 : /Samples/ ? 0 : children; next }
		NF {
			name = substr($NF, 5) "|" $(NF - 1)
			if (children) total[name] += $(NF - 2)
			else self[name] += $(NF - 2)
		}
		END { for (name in total) print name "|" self[name] + 0 "|" total[name] }' ;;
	2 | 3) sed -E 's/^([^;]*);(.*) ([0-9]+)$/\1|\2|\3/' ;;
	4) sed -nE 's/^ *([0-9]+)\.([0-9]+) +([0-9]+)\.([0-9]+) +([0-9]+) +([0-9]+)\.([0-9]+)  (.*)-[0-9]+$/\8|\5|\1\2|\3\4|\6\7/p' |
		awk -F '|' -v OFS='|' '
			{ waits[$1] += $2; blocked[$1] += $3; waiting[$1] += $4; if ($5 > longest[$1]) longest[$1] = $5 + 0 }
			END { for (comm in waits) printf "%s|%d|%.0f|%.0f|%.0f\n", comm, waits[comm], blocked[comm], waiting[comm], longest[comm] }' ;;
	5) sed -nE 's/^ *([0-9]+) +([a-z_]+)$/\2|\1/p' ;;
	esac | sort
}

answer() {
	ask "$1" "$2" | rows "$1"
}
