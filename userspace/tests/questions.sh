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

# functions FILE: "FUNCTION|MODULE|SELF|TOTAL" a line, of which report has both
functions() {
	for _way in --no-children --children; do
		"$STACKID" report -i "$1" $_way -e cpu-clock -g none --stdio -t '|' -n -s dso,sym 2>/dev/null
	done | awk -F '|' '
		/^#/ { children = /Children/ ? 1 : /Samples/ ? 0 : children; next }
		NF { name = substr($NF, 5) "|" $(NF - 1); (children ? total[name] = $(NF - 2) : self[name] = $(NF - 2)) }
		END { for (name in total) print name "|" self[name] + 0 "|" total[name] }' | sort
}

# "COMM;STACK HITS" as "COMM|STACK|HITS"
split_folded() {
	sed -E 's/^([^;]*);(.*) ([0-9]+)$/\1|\2|\3/' | sort
}

# answer N FILE: rows with | between their columns, sorted
answer() {
	case $1 in
	1) functions "$2" ;;
	2) "$STACKID" export -F folded -i "$2" -e sched:sched_switch 2>/dev/null | split_folded ;;
	3) "$STACKID" export -F folded -i "$2" -e kmem:kmalloc --weight bytes_alloc 2>/dev/null | split_folded ;;
	4)
		"$STACKID" offcpu -i "$2" --show thread -n 0 --stdio 2>/dev/null |
			sed -nE 's/^ *([0-9]+)\.([0-9]+) +([0-9]+)\.([0-9]+) +([0-9]+) +([0-9]+)\.([0-9]+)  (.*)-[0-9]+$/\8|\5|\1\2|\3\4|\6\7/p' |
			sed -E 's/\|0+([0-9])/|\1/g' | sort
		;;
	5) "$STACKID" ledger -i "$2" 2>/dev/null | sed -nE 's/^ *([0-9]+) +([a-z_]+)$/\2|\1/p' | sort ;;
	esac
}
