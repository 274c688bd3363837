// SPDX-License-Identifier: GPL-2.0
/* stackid doctor: the module's file, and the module that is loaded. */
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stackid.h>

#include "../lib/live/kernel.h"
#include "../lib/memory.h"
#include "doctor_common.h"

#define DKMS_SOURCES	"/usr/src/stackid-*/dkms.conf"
/* Of the package, and of nothing that make install puts anywhere. */
#define PACKAGE_FILE	"/usr/share/doc/stackid/changelog.Debian.gz"
/* DKMS makes the pair when it first builds a module. */
#define DKMS_KEY	"/var/lib/dkms/mok.key"
#define DKMS_CERT	"/var/lib/dkms/mok.pub"

/* A module for this kernel, by the way in which this command came here. */
static void mend_by_building(const struct doctor *doctor)
{
	glob_t found;

	if (!glob(DKMS_SOURCES, 0, NULL, &found)) {
		/* "/usr/src/stackid-0.2.0/dkms.conf" */
		const char *version = strchr(found.gl_pathv[0], '-') + 1;

		stackid_doctor_mend(doctor,
				    "apt-get install linux-headers-%s && dkms install --force stackid/%.*s -k %s",
				    doctor->release,
				    (int)strcspn(version, "/"), version,
				    doctor->release);
		globfree(&found);
	} else if (!access(PACKAGE_FILE, F_OK)) {
		stackid_doctor_mend(doctor,
				    "apt-get install linux-headers-%s stackid-dkms",
				    doctor->release);
	} else {
		/* In the source. */
		stackid_doctor_mend(doctor,
				    "make KVER=%s && make KVER=%s install",
				    doctor->release, doctor->release);
	}
}

void stackid_doctor_installed(struct doctor *doctor)
{
	const struct module_file *file = &doctor->file;

	if (file->path) {
		stackid_doctor_say(doctor, DOCTOR_OK, "%s", file->path);
	} else if (file->no_kmod) {
		stackid_doctor_say(doctor,
				   doctor->loaded ? DOCTOR_WARN : DOCTOR_BAD,
				   "modinfo is not here, so modprobe will not be either");
		stackid_doctor_mend(doctor, "apt-get install kmod");
	} else if (file->unlisted) {
		stackid_doctor_say(doctor,
				   doctor->loaded ? DOCTOR_WARN : DOCTOR_BAD,
				   "%s is there, and modprobe does not know of it",
				   file->unlisted);
		stackid_doctor_mend(doctor, "depmod %s", doctor->release);
	} else if (doctor->loaded) {
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "no, it was loaded from elsewhere");
	} else {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "there is no module stackid in /lib/modules/%s",
				   doctor->release);
		mend_by_building(doctor);
	}
}

void stackid_doctor_built(struct doctor *doctor)
{
	const struct module_file *file = &doctor->file;

	/* A module that is built in has none. */
	if (!file->vermagic)
		return;
	if (stackid_module_file_is_for(file, doctor->release)) {
		stackid_doctor_say(doctor, DOCTOR_OK, "%s, which runs",
				   doctor->release);
		return;
	}
	stackid_doctor_say(doctor, doctor->loaded ? DOCTOR_WARN : DOCTOR_BAD,
			   "%.*s, and %s runs",
			   (int)strcspn(file->vermagic, " "), file->vermagic,
			   doctor->release);
	mend_by_building(doctor);
}

static bool signature_is_asked_for(void)
{
	char *enforced = stackid_kernel_line("/sys/module/module/parameters/sig_enforce");
	bool asked = enforced && *enforced == 'Y';

	free(enforced);
	return asked || stackid_kernel_locked_down();
}

/* Whoever builds for Debian has the tool, and DKMS the key. */
static void mend_by_signing(const struct doctor *doctor)
{
	if (access(DKMS_KEY, F_OK))
		stackid_doctor_mend(doctor,
				    "mkdir -p /var/lib/dkms && openssl req -new -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=stackid -outform DER -keyout %s -out %s",
				    DKMS_KEY, DKMS_CERT);
	stackid_doctor_mend(doctor,
			    "/lib/modules/%s/build/scripts/sign-file sha256 %s %s %s",
			    doctor->release, DKMS_KEY, DKMS_CERT,
			    doctor->file.path);
}

void stackid_doctor_signature(struct doctor *doctor)
{
	const struct module_file *file = &doctor->file;
	bool asked = signature_is_asked_for();
	const char *cert = access(DKMS_CERT, F_OK) ? "CERTIFICATE" : DKMS_CERT;

	if (!file->vermagic)
		return;
	if (!asked) {
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "%s%s, and this kernel asks for none",
				   file->signer ? "of " : "none",
				   file->signer ? file->signer : "");
	} else if (doctor->loaded) {
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "this kernel asks for one, and the module is loaded");
	} else if (file->signer) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "this kernel asks for one of a key that it knows, and the module has one of %s; if it does not load, enrol that key and boot again",
				   file->signer);
		stackid_doctor_mend(doctor, "mokutil --import %s", cert);
	} else {
		stackid_doctor_say(doctor, DOCTOR_BAD,
				   "this kernel loads only signed modules, and this one is not");
		mend_by_signing(doctor);
	}
}

/* Another build than the one that the next modprobe would load. */
static bool is_stale(const struct doctor *doctor)
{
	char *loaded = stackid_kernel_line("/sys/module/stackid/srcversion");
	bool stale = loaded && doctor->file.srcversion &&
		     strcmp(loaded, doctor->file.srcversion);

	free(loaded);
	return stale;
}

void stackid_doctor_loaded(struct doctor *doctor)
{
	char *version;

	if (!doctor->loaded) {
		stackid_doctor_say(doctor, DOCTOR_BAD, "no");
		stackid_doctor_mend(doctor, "modprobe stackid");
		return;
	}
	version = stackid_kernel_line("/sys/module/stackid/version");
	if (is_stale(doctor)) {
		stackid_doctor_say(doctor, DOCTOR_WARN,
				   "version %s, made of other sources than the one that is installed",
				   version ? version : "?");
		stackid_doctor_mend(doctor, "rmmod stackid && modprobe stackid");
	} else {
		stackid_doctor_say(doctor, DOCTOR_OK, "version %s",
				   version ? version : "?");
	}
	free(version);
}

/* What module and command agree upon, as the head of stacks_raw has it. */
void stackid_doctor_format(struct doctor *doctor)
{
	struct stackid_def_header header = { };
	ssize_t got;
	int fd;

	if (!doctor->stats)
		return;
	fd = stackid_control_open_file(&doctor->control, "stacks_raw",
				       O_RDONLY);
	if (fd < 0)
		return;
	got = read(fd, &header, sizeof(header));
	close(fd);
	if (got == sizeof(header) && header.magic == STACKID_STACKS_MAGIC &&
	    header.version == STACKID_ABI_VERSION) {
		stackid_doctor_say(doctor, DOCTOR_OK,
				   "ABI version %u, as this command's",
				   header.version);
		return;
	}
	stackid_doctor_say(doctor, DOCTOR_BAD,
			   "the loaded module has ABI version %u, this command reads %u: they are of different releases",
			   header.version, STACKID_ABI_VERSION);
	mend_by_building(doctor);
	stackid_doctor_mend(doctor, "rmmod stackid && modprobe stackid");
}
