// SPDX-License-Identifier: GPL-2.0
/*
 * export_firefox_check.js FILE EVENT[,EVENT] [OPTION...]: what Firefox Profiler's own code says
 * of a profile, beside what stackid report and script say.
 */
"use strict";
const fs = require("fs");
const { spawn, spawnSync } = require("child_process");
const { add, end, is, of, run, sameSums } = require("./export_sums.js");

const [file, events, ...options] = process.argv.slice(2);
const cli = process.env.PROFILER_CLI;

function profiler(...args)
{
	return spawnSync(process.execPath, [cli, ...args, "--session", file], { encoding: "utf8", maxBuffer: 1 << 30 });
}

function ask(...args)
{
	const said = profiler(...args, "--json");

	if (said.status !== 0)
		throw new Error(`${args.join(" ")}: ${said.stdout}${said.stderr}`);
	return JSON.parse(said.stdout);
}

/* Its command "load" waits for half a second only until this runs. */
const daemon = spawn(process.execPath, [cli, "--daemon", file, "--session", file], { stdio: "ignore" });
const log = `${process.env.PROFILER_CLI_SESSION_DIR}/${file}.log`;
const hung = Date.now() + 120000;
let gone = false;

daemon.on("exit", () => (gone = true));
/* Who asks it earlier makes it be taken for dead. */
async function loaded()
{
	while (!fs.existsSync(log) || !fs.readFileSync(log, "utf8").includes("Profile loaded")) {
		if (gone || Date.now() > hung)
			throw new Error("Firefox Profiler does not load it");
		await new Promise(done => setTimeout(done, 20));
	}
}

function check()
{
	const meta = ask("profile", "meta");
	const { threads } = ask("thread", "list");
	const only = events.split(",").length === 1;

	is(`${file}: it was brought up to the newest version`, meta.preprocessedProfileVersion >= 60, true);
	is(`${file}: where it is from`, meta.importedFrom, "stackid");
	is(`${file}: its loss`, meta.extra[0].entries[0].value, process.env.LOSS);
	for (const event of events.split(",")) {
		const sums = new Map();
		const values = [];

		for (const thread of threads.filter(t => only || t.name.endsWith(": " + event))) {
			const handle = ["--thread", thread.threadHandle, "--limit", "0"];

			for (const f of ask("thread", "functions", ...handle, "--include-idle").functions) {
				/* The profiler takes what looks like arguments of a template out of names. */
				const name = f.name === "--" ? "<!--" : f.name;

				add(sums, name, 0, f.totalSamples);
				add(sums, name, 1, f.selfSamples);
			}
			if (!thread.markerCount)
				continue;
			for (const marker of ask("thread", "markers", ...handle, "--list").flatMarkers)
				values.push([marker.start, marker.label.replace(/,/g, "")]);
		}
		sameSums(file, event, sums, options);
		/* "TIME: VALUE=N ...", as times since the first event of all. */
		const lines = run("script", "-F", "time,value", "--ns", ...of(event)).trim().split("\n");
		const want = lines.filter(line => line.includes("=")).map(line => {
			const [, s, ns, value] = line.match(/(\d+)\.(\d+): +[^=]+=(-?\d+)/);

			return [BigInt(s) * 1000000000n + BigInt(ns), value];
		});
		const first = BigInt(process.env.FIRST);
		const order = rows => rows.map(([time, value]) => `${time} ${value}`).sort();

		is(`${file}: markers of ${event} as script has values`,
		   order(values.map(([time, value]) => [BigInt(Math.round(time * 1e6)), value])),
		   order(want.map(([time, value]) => [time - first, value])));
	}
	is(`${file}: a call tree`, profiler("thread", "samples-top-down", "--thread", "t-0").stdout.includes(process.env.ROOT), true);
	daemon.kill();
	end();
}

loaded().then(check).catch(error => {
	console.log(`not ok ${file}: ${error.stack}`);
	daemon.kill();
	process.exit(1);
});
