#include "core/json.h"

#include "core/error.h"
#include "core/file.h"

namespace fer {

Json read_json(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    fail<DataError>(
        "[json] expected valid JSON; got a fault at byte {} ({}). "
        "The file is damaged: write it again.",
        error.byte, path.string());
  }
}

std::string json_text(const Json& value, int indent) {
  return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void write_json(const std::filesystem::path& path, const Json& value) {
  write_file(path, json_text(value) + "\n");
}

}  // namespace fer
