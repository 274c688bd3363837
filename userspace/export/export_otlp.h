/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The fields of OpenTelemetry's profiles, v1development as of its release 1.10.0:
 * https://github.com/open-telemetry/opentelemetry-proto, where each message is
 * explained.  In 1.9.0 the fields of a sample had other numbers.
 *
 * Of each table of the dictionary, number 0 is an empty one and stands for none.
 */
#ifndef STACKID_EXPORT_OTLP_H
#define STACKID_EXPORT_OTLP_H

enum profiles_data_field {
	DATA_RESOURCE_PROFILES		= 1,
	DATA_DICTIONARY			= 2,
};

enum dictionary_field {
	DICTIONARY_MAPPING_TABLE	= 1,
	DICTIONARY_LOCATION_TABLE	= 2,
	DICTIONARY_FUNCTION_TABLE	= 3,
	DICTIONARY_LINK_TABLE		= 4,
	DICTIONARY_STRING_TABLE		= 5,
	DICTIONARY_ATTRIBUTE_TABLE	= 6,
	DICTIONARY_STACK_TABLE		= 7,
};

enum resource_profiles_field {
	RESOURCE_PROFILES_RESOURCE	= 1,
	RESOURCE_PROFILES_SCOPES	= 2,
};

enum resource_field {
	RESOURCE_ATTRIBUTES		= 1,
};

enum scope_profiles_field {
	SCOPE_PROFILES_SCOPE		= 1,
	SCOPE_PROFILES_PROFILES		= 2,
};

enum scope_field {
	SCOPE_NAME			= 1,
	SCOPE_VERSION			= 2,
};

enum profile_field {
	PROFILE_SAMPLE_TYPE		= 1,
	PROFILE_SAMPLES			= 2,
	PROFILE_TIME_UNIX_NANO		= 3,
	PROFILE_DURATION_NANO		= 4,
	PROFILE_PERIOD_TYPE		= 5,
	PROFILE_PERIOD			= 6,
	PROFILE_ATTRIBUTE_INDICES	= 11,
};

enum value_type_field {
	VALUE_TYPE_TYPE			= 1,
	VALUE_TYPE_UNIT			= 2,
};

enum sample_field {
	SAMPLE_STACK_INDEX		= 1,
	SAMPLE_ATTRIBUTE_INDICES	= 2,
	SAMPLE_VALUES			= 4,
};

enum mapping_field {
	MAPPING_MEMORY_START		= 1,
	MAPPING_MEMORY_LIMIT		= 2,
	MAPPING_FILENAME		= 4,
	MAPPING_ATTRIBUTE_INDICES	= 5,
};

enum stack_field {
	STACK_LOCATION_INDICES		= 1,
};

enum location_field {
	LOCATION_MAPPING_INDEX		= 1,
	LOCATION_ADDRESS		= 2,
	LOCATION_LINES			= 3,
	LOCATION_ATTRIBUTE_INDICES	= 4,
};

enum line_field {
	LINE_FUNCTION_INDEX		= 1,
};

enum function_field {
	FUNCTION_NAME			= 1,
	FUNCTION_SYSTEM_NAME		= 2,
};

/* Of a KeyValueAndUnit and of a KeyValue. */
enum key_value_field {
	KEY_VALUE_KEY			= 1,
	KEY_VALUE_VALUE			= 2,
};

enum any_value_field {
	ANY_VALUE_STRING		= 1,
	ANY_VALUE_INT			= 3,
};

#endif /* STACKID_EXPORT_OTLP_H */
