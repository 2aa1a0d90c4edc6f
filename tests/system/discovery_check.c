// SPDX-License-Identifier: MIT
#include "discovery_check.h"

#include <ctype.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "discovery_schema.h"

#define STATE_MAX 255 // characters of a state, and so of an option

struct check {
	char *why;
	const char *where; // the component
	bool good;
};

static void refuse(struct check *check, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void refuse(struct check *check, const char *format, ...)
{
	char text[DISCOVERY_WHY_SIZE - 60];
	va_list args;

	if (!check->good)
		return; // the first reason counts
	check->good = false;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(check->why, DISCOVERY_WHY_SIZE, "%.50s: %s", check->where, text);
}

// A copy with all keys in full. A new reference.
static json_t *in_full(struct check *check, const json_t *object)
{
	json_t *full = json_object();
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		if (json_object_get(full, full_key(key)))
			refuse(check, "%s stands there twice", full_key(key));
		json_object_set(full, full_key(key), value);
	}
	return full;
}

static void check_keys(struct check *check, const json_t *object, const char *const *allowed,
	const char *const *also)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)object, key, value)
	{
		if (!is_in(key, allowed) && !(also && is_in(key, also)))
			refuse(check, "unknown key %s", key);
	}
}

// --- values -----------------------------------------------------------------------------------

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool is_topic(const char *topic, bool publish)
{
	size_t length = strlen(topic);

	if (length == 0 || length > 65535)
		return false;
	if (publish)
		return !strpbrk(topic, "+#");
	for (const char *c = topic; (c = strpbrk(c, "+#")); c++) {
		bool begins = c == topic || c[-1] == '/', ends = !c[1] || c[1] == '/';

		if (!begins || !ends || (*c == '#' && c[1]))
			return false;
	}
	return true;
}

static void check_topic(struct check *check, const json_t *object, const char *key, bool publish)
{
	const json_t *value = json_object_get(object, key);

	if (value && (!json_is_string(value) || !is_topic(json_string_value(value), publish)))
		refuse(check, "%s is no topic", key);
}

// Checks brackets only: each is closed by its own kind.
static bool is_template(const char *text)
{
	const char *open = NULL;

	for (const char *c = text; *c; c++) {
		if (!open && *c == '{' && (c[1] == '{' || c[1] == '%')) {
			open = c[1] == '{' ? "}}" : "%}";
			c++;
		} else if (open && *c == '"') {
			while (*++c && *c != '"')
				c += *c == '\\' && c[1];
			if (!*c)
				return false;
		} else if (open && c[0] == open[0] && c[1] == open[1]) {
			open = NULL;
			c++;
		}
	}
	return !open;
}

static void check_template(struct check *check, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value && (!json_is_string(value) || !is_template(json_string_value(value))))
		refuse(check, "%s is no template", key);
}

static void check_text(struct check *check, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value && (!json_is_string(value) || json_string_length(value) > STATE_MAX))
		refuse(check, "%s must be a text of at most %d characters", key, STATE_MAX);
}

static void check_url(struct check *check, const json_t *object, const char *key)
{
	const char *url = text_of(object, key);

	if (json_object_get(object, key) &&
		(!url ||
			(strncmp(url, "http://", 7) && strncmp(url, "https://", 8) &&
				strncmp(url, "homeassistant://", 16))))
		refuse(check, "%s is no address", key);
}

static void check_bool(struct check *check, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value && !json_is_boolean(value))
		refuse(check, "%s must be true or false", key);
}

static void check_whole(struct check *check, const json_t *object, const char *key, int min,
	int max)
{
	const json_t *value = json_object_get(object, key);

	if (value &&
		(!json_is_integer(value) || json_integer_value(value) < min ||
			json_integer_value(value) > max))
		refuse(check, "%s must be a whole number in %d ... %d", key, min, max);
}

static void check_word(struct check *check, const json_t *object, const char *key,
	const char *const *words)
{
	const char *text = text_of(object, key);

	if (json_object_get(object, key) && (!text || !is_in(text, words)))
		refuse(check, "%s is none of the words it may be", key);
}

// A list of different texts.
static void check_words(struct check *check, const json_t *object, const char *key)
{
	const json_t *list = json_object_get(object, key), *value;
	size_t i, k;

	if (!list)
		return;
	if (!json_array_size(list))
		refuse(check, "%s must be a list, and not empty", key);
	json_array_foreach(list, i, value)
	{
		if (!json_is_string(value) || json_string_length(value) == 0 ||
			json_string_length(value) > STATE_MAX)
			refuse(check, "%s: must be texts of 1 ... %d characters", key, STATE_MAX);
		for (k = 0; k < i; k++) {
			if (json_equal(value, json_array_get(list, k)))
				refuse(check, "%s: one stands there twice", key);
		}
	}
}

// --- availability -----------------------------------------------------------------------------

static void check_availability_item(struct check *check, const json_t *item)
{
	json_t *full = in_full(check, item);

	if (!json_is_object(item))
		refuse(check, "availability: must be objects");
	check_keys(check, full, schema_availability_keys, NULL);
	if (!text_of(full, "topic"))
		refuse(check, "availability: topic is missing");
	check_topic(check, full, "topic", false);
	check_template(check, full, "value_template");
	check_text(check, full, "payload_available");
	check_text(check, full, "payload_not_available");
	json_decref(full);
}

static void check_availability(struct check *check, const json_t *object)
{
	const json_t *list = json_object_get(object, "availability"), *item;
	size_t i;

	if (list && json_object_get(object, "availability_topic"))
		refuse(check, "availability and availability_topic exclude each other");
	if (list && !json_is_array(list))
		check_availability_item(check, list);
	json_array_foreach(list, i, item) check_availability_item(check, item);
	check_word(check, object, "availability_mode", LIST("all", "any", "latest"));
	check_topic(check, object, "availability_topic", false);
	check_template(check, object, "availability_template");
}

// --- a component ------------------------------------------------------------------------------

static void check_entity_id(struct check *check, const json_t *entity, const char *platform)
{
	const char *id = text_of(entity, "default_entity_id");
	size_t n = strlen(platform);

	if (!json_object_get(entity, "default_entity_id"))
		return;
	if (!id || strncmp(id, platform, n) || id[n] != '.' || !id[n + 1] ||
		id[n + 1 + strspn(id + n + 1, "abcdefghijklmnopqrstuvwxyz0123456789_")])
		refuse(check, "default_entity_id must be %s. and a-z 0-9 _", platform);
}

static void check_class(struct check *check, const json_t *entity, const char *platform)
{
	const char *name = text_of(entity, "device_class");
	const char *unit = text_of(entity, "unit_of_measurement");
	const struct device_class *found;

	check_text(check, entity, "unit_of_measurement");
	if (!json_object_get(entity, "device_class"))
		return;
	found = name ? device_class_find(platform, name) : NULL;
	if (!found)
		refuse(check, "no such device_class of a %s", platform);
	else if (found->units && !is_in(unit ? unit : "", found->units))
		refuse(check, "device_class %s does not go with the unit \"%s\"", name,
			unit ? unit : "");
}

static void check_options(struct check *check, const json_t *entity, const char *platform)
{
	const char *name = text_of(entity, "device_class");
	bool is_enum = name && !strcmp(name, "enum");

	check_words(check, entity, "options");
	check_words(check, entity, "event_types");
	if (strcmp(platform, "sensor"))
		return;
	if (is_enum != (json_object_get(entity, "options") != NULL))
		refuse(check, "options and device_class enum go together");
	if (is_enum && json_object_get(entity, "state_class"))
		refuse(check, "an enum has no state_class");
	check_word(check, entity, "state_class",
		LIST("measurement", "measurement_angle", "total", "total_increasing"));
}

static void check_range(struct check *check, const json_t *entity)
{
	const json_t *min = json_object_get(entity, "min"), *max = json_object_get(entity, "max");
	const json_t *step = json_object_get(entity, "step");

	if ((min && !json_is_number(min)) || (max && !json_is_number(max)) ||
		(step && !json_is_number(step)))
		refuse(check, "min, max and step must be numbers");
	if ((min ? json_number_value(min) : 1) >= (max ? json_number_value(max) : 100))
		refuse(check, "min must be below max");
	if (step && json_number_value(step) < 0.001)
		refuse(check, "step must be 0.001 or more");
	check_word(check, entity, "mode", LIST("auto", "box", "slider"));
}

static void check_common(struct check *check, const json_t *entity, const struct platform *platform)
{
	static const char *const templates[] = { "value_template", "command_template",
		"json_attributes_template", "last_reset_value_template" };
	static const char *const flags[] = { "enabled_by_default", "visible_by_default",
		"force_update", "optimistic", "retain" };
	const json_t *name = json_object_get(entity, "name");
	const char *icon = text_of(entity, "icon");

	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++)
		check_template(check, entity, templates[i]);
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		check_bool(check, entity, flags[i]);
	check_topic(check, entity, "state_topic", false);
	check_topic(check, entity, "json_attributes_topic", false);
	check_topic(check, entity, "command_topic", true);
	check_whole(check, entity, "qos", 0, 2);
	check_whole(check, entity, "expire_after", 0, 1000000);
	check_whole(check, entity, "message_expiry_interval", 1, 1000000);
	check_word(check, entity, "entity_category",
		platform->reads ? LIST("diagnostic") : LIST("config", "diagnostic"));
	if (name && !json_is_null(name))
		check_text(check, entity, "name");
	if (json_object_get(entity, "icon") && (!icon || strncmp(icon, "mdi:", 4)))
		refuse(check, "icon must begin with mdi:");
	if (json_is_true(json_object_get(entity, "retain")))
		refuse(check, "a command must not be retained");
}

static void check_entity(struct check *check, const json_t *entity, const struct platform *platform)
{
	const json_t *unique = json_object_get(entity, "unique_id");

	if (!unique)
		refuse(check, "unique_id is missing");
	else if (!json_is_string(unique) || !json_string_length(unique))
		refuse(check, "unique_id must be a text");
	if (json_object_get(entity, "object_id"))
		refuse(check, "object_id has become default_entity_id");
	check_keys(check, entity, schema_entity_keys, platform->keys);
	for (const char *const *key = platform->required; *key; key++) {
		if (!json_object_get(entity, *key))
			refuse(check, "%s is missing", *key);
	}
	check_common(check, entity, platform);
	check_entity_id(check, entity, platform->name);
	check_class(check, entity, platform->name);
	check_options(check, entity, platform->name);
	check_availability(check, entity);
	if (!strcmp(platform->name, "number"))
		check_range(check, entity);
}

static void check_component(struct check *check, const json_t *component, json_t *seen)
{
	json_t *full = in_full(check, component);
	const char *name = text_of(full, "platform"), *unique = text_of(full, "unique_id");
	const struct platform *platform = name ? platform_find(name) : NULL;
	char both[200];

	if (!platform)
		refuse(check, "p is no platform that this checker knows");
	else if (json_object_size(full) > 1) // otherwise it removes a component
		check_entity(check, full, platform);
	snprintf(both, sizeof(both), "%s %s", name ? name : "", unique ? unique : "");
	if (unique && json_object_get(seen, both))
		refuse(check, "unique_id %s stands there twice", unique);
	json_object_set_new(seen, both, json_true());
	json_decref(full);
}

// --- the device -------------------------------------------------------------------------------

static void check_device(struct check *check, const json_t *value)
{
	static const char *const texts[] = { "manufacturer", "model", "model_id", "name",
		"hw_version", "sw_version", "serial_number", "suggested_area", "via_device" };
	json_t *device = in_full(check, value);

	check->where = "dev";
	if (!json_is_object(value))
		refuse(check, "must be an object");
	check_keys(check, device, schema_device_keys, NULL);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check_text(check, device, texts[i]);
	check_url(check, device, "configuration_url");
	check_words(check, device, "identifiers");
	if (!json_array_size(json_object_get(device, "identifiers")) &&
		!json_array_size(json_object_get(device, "connections")))
		refuse(check, "has neither ids nor cns");
	json_decref(device);
}

static void check_origin(struct check *check, const json_t *value)
{
	json_t *origin = in_full(check, value);

	check->where = "o";
	if (!json_is_object(value))
		refuse(check, "must be an object");
	check_keys(check, origin, schema_origin_keys, NULL);
	if (!text_of(origin, "name"))
		refuse(check, "name is missing");
	check_text(check, origin, "sw_version");
	check_url(check, origin, "support_url");
	json_decref(origin);
}

static void check_components(struct check *check, const json_t *components)
{
	json_t *seen = json_object(), *component;
	const char *key;

	check->where = "cmps";
	if (!json_object_size(components))
		refuse(check, "must be an object, and not empty");
	json_object_foreach((json_t *)components, key, component)
	{
		check->where = key;
		if (!json_is_object(component))
			refuse(check, "must be an object");
		check_component(check, component, seen);
	}
	json_decref(seen);
}

static void check_root(struct check *check, const json_t *payload)
{
	static const char *const required[] = { "device", "origin", "components" };
	json_t *root = in_full(check, payload);

	check_keys(check, root, schema_root_keys, NULL);
	for (size_t i = 0; i < sizeof(required) / sizeof(required[0]); i++) {
		if (!json_object_get(root, required[i]))
			refuse(check, "%s is missing", required[i]);
	}
	check_topic(check, root, "state_topic", false);
	check_topic(check, root, "command_topic", true);
	check_whole(check, root, "qos", 0, 2);
	check_availability(check, root);
	check_device(check, json_object_get(root, "device"));
	check_origin(check, json_object_get(root, "origin"));
	check_components(check, json_object_get(root, "components"));
	json_decref(root);
}

// <prefix>/device/<object_id>/config
static bool is_discovery_topic(const char *topic)
{
	const char *device = strstr(topic, "/device/"), *object;

	if (!device || device == topic)
		return false;
	object = device + strlen("/device/");
	while (isalnum((unsigned char)*object) || *object == '_' || *object == '-')
		object++;
	return object > device + strlen("/device/") && !strcmp(object, "/config");
}

bool discovery_check(const char *topic, const char *payload, size_t size,
	char ret_why[DISCOVERY_WHY_SIZE])
{
	struct check check = { .why = ret_why, .where = "root", .good = true };
	json_error_t error;
	json_t *root;

	ret_why[0] = '\0';
	if (!is_discovery_topic(topic))
		refuse(&check, "%s is no topic of a device", topic);
	root = json_loadb(payload, size, JSON_REJECT_DUPLICATES, &error);
	if (!json_is_object(root))
		refuse(&check, "is no JSON object");
	else
		check_root(&check, root);
	json_decref(root);
	return check.good;
}
