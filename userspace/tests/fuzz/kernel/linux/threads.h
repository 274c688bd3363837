/* SPDX-License-Identifier: GPL-2.0 */
/* As on any 64-bit kernel. */
#define PID_MAX_LIMIT (4 * 1024 * 1024)
