# SPDX-License-Identifier: GPL-2.0
# What the command is made of: $(sources), and of that $(lib), which knows no subcommand.

lib := complain duration hash json ledger_words memory number pager patterns plain pool protobuf ranges slots strings thread words
data := byte_stream chunk_clock columns columns_decode columns_source crew data_count data_events data_file data_follow data_live data_read data_text data_write hit_sums pack read_ahead records renames stack_ids stacks symbols tally_count tally_records tasks waiting_chunks
live := control counts definitions drain event_line inline_stacks kallsyms kernel machine module_file output processes progress prototype recorder \
	recorder_ends recorder_file recorder_rescue recorder_setup ring_map rotation session \
	signals symbolizer watch workload
debug := file lines object
tui := prompt restore screen scroll
lib := $(addprefix lib/,$(lib) $(data:%=data/%) $(live:%=live/%) $(debug:%=debug/debug_%) $(tui:%=tui/%) profile/profile_cells profile/profile_chains profile/profile_functions profile/profile_lines profile/profile_tree profile/allocations profile/losses profile/moment profile/shapes profile/sources profile/waits profile/whos)

# And libstackid, which has some of that with a memory of its own.
libstackid := libstackid/libstackid libstackid/libstackid_heap \
	      $(addprefix lib/,hash ledger_words number plain pool ranges slots strings thread $(addprefix data/,$(filter-out columns chunk_clock crew data_count data_live data_write hit_sums renames tally_count tally_records,$(data))))

commands := annotate diff doctor export flamegraph leak ledger list offcpu record report script stat top
annotate := lines source
diff := rows table
doctor := kernel module recording
export := cells folded gzip otlp places pprof speedscope stacks
export += dictionary rows shard shards shards_sql sqlite tables views
export += callgrind calls modules perf perf_directory perf_file perf_records perf_symbols
export += chrome firefox firefox_meta firefox_tables jsonl nodes spool table
flamegraph := folded names page times tree write
leak := report sites
ledger := print
offcpu := graph histogram longest report sums
record := events own units whose
report := browser cell columns graph hierarchy line lines paths profile ranks row rows settle sort table tree tui
script := event fields stack
stat := print run
top := batch profile screen

sources := main command comparison filter focus reading stack_text timespan $(commands) $(annotate:%=annotate/annotate_%) $(diff:%=diff/diff_%) $(doctor:%=doctor/doctor_%) \
	   $(export:%=export/export_%) $(flamegraph:%=flamegraph/flamegraph_%) $(leak:%=leak/leak_%) $(ledger:%=ledger/ledger_%) $(offcpu:%=offcpu/offcpu_%) $(record:%=record/record_%) $(report:%=report/report_%) $(script:%=script/script_%) \
	   $(stat:%=stat/stat_%) $(top:%=top/top_%) $(lib)
