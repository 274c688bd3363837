// SPDX-License-Identifier: GPL-2.0
// duckdb.js DIR FILE...: runs the SQL of the files in DIR, by DuckDB, and prints the rows of the
// last statement of each file that has some, with | between their columns.
'use strict';
const fs = require('fs');
const { DuckDBInstance } = require('@duckdb/node-api');

async function main([dir, ...files]) {
	const texts = files.map((file) => fs.readFileSync(file, 'utf8'));
	process.chdir(dir);
	const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
	const connection = await instance.connect();
	for (const text of texts) {
		const result = await connection.runAndReadAll(text);
		for (const row of result.getRows())
			console.log(row.map((cell) => cell === null ? '' : String(cell)).join('|'));
	}
}

main(process.argv.slice(2)).catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
