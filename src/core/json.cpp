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

void write_json(const std::filesystem::path& path, const Json& value) {
  // A file name need not be UTF-8; its strange bytes become U+FFFD.
  constexpr auto kReplace = Json::error_handler_t::replace;
  write_file(path, value.dump(2, ' ', false, kReplace) + "\n");
}

}  // namespace fer
