#include "run_state.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "core/file.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

template <class T>
T read_at(const std::string& bytes, size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

bool is_time(const std::string& column) {
  return column == "seconds" || column == "images_per_second";
}

void append_events(const fs::path& path, std::vector<std::string>& values) {
  const std::string bytes = read_file(path);
  for (size_t at = 0; at < bytes.size();) {
    // u64 length, u32 CRC, message, u32 CRC; a message starts with the nine
    // bytes of its wall time.
    const auto length = read_at<uint64_t>(bytes, at);
    const std::string value = bytes.substr(at + 12 + 9, length - 9);
    if (value.find("brain.Event") == std::string::npos) values.push_back(value);
    at += 16 + length;
  }
}

}  // namespace

std::map<std::string, std::string> tensor_bytes(const fs::path& path) {
  const std::string bytes = read_file(path);
  const auto length = read_at<uint64_t>(bytes, 0);
  const Json header = Json::parse(bytes.substr(8, length));
  std::map<std::string, std::string> tensors;
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__") continue;
    const size_t begin = entry["data_offsets"][0],
                 end = entry["data_offsets"][1];
    tensors[name] = entry["dtype"].dump() + entry["shape"].dump() +
                    bytes.substr(8 + length + begin, end - begin);
  }
  return tensors;
}

CsvTable timeless_history(const fs::path& run_dir) {
  CsvTable table = read_csv(run_dir / "history.csv");
  for (size_t c = table.columns.size(); c-- > 0;) {
    if (!is_time(table.columns[c])) continue;
    for (auto& row : table.rows)
      row.erase(row.begin() + static_cast<std::ptrdiff_t>(c));
    table.columns.erase(table.columns.begin() + static_cast<std::ptrdiff_t>(c));
  }
  return table;
}

Json timeless_state(const fs::path& run_dir) {
  Json state = read_json(run_dir / "checkpoints/last.json");
  Json& callbacks = state.at("callbacks");
  callbacks.at("tensorboard").erase("file");
  for (Json& row : callbacks.at("history").at("rows")) {
    row.erase(7);  // images_per_second
    row.erase(6);  // seconds
  }
  return state;
}

std::vector<std::string> event_values(const fs::path& run_dir) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(run_dir)) {
    if (entry.path().filename().string().starts_with("events.out.tfevents."))
      files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> values;
  for (const fs::path& path : files) append_events(path, values);
  return values;
}

static Json timeless_metrics(const fs::path& run_dir) {
  Json metrics = read_json(run_dir / "metrics.json");
  for (const char* key : {"train_seconds", "images_per_second"})
    metrics.erase(key);
  return metrics;
}

void expect_same_run(const fs::path& actual, const fs::path& expected) {
  for (const char* name : {"last", "best"}) {
    const std::string file =
        std::string("checkpoints/") + name + ".safetensors";
    const auto mine = tensor_bytes(actual / file);
    const auto theirs = tensor_bytes(expected / file);
    EXPECT_EQ(mine.size(), theirs.size()) << file;
    for (const auto& [key, bytes] : theirs) {
      const auto found = mine.find(key);
      ASSERT_NE(found, mine.end()) << file << ": " << key;
      EXPECT_TRUE(found->second == bytes) << file << ": " << key;
    }
  }
  const CsvTable mine = timeless_history(actual);
  const CsvTable theirs = timeless_history(expected);
  EXPECT_EQ(mine.columns, theirs.columns);
  EXPECT_EQ(mine.rows, theirs.rows);
  EXPECT_EQ(timeless_state(actual), timeless_state(expected));
  EXPECT_EQ(event_values(actual), event_values(expected));
  for (const char* name : {"checkpoints/best.json", "predictions-val.csv",
                           "predictions-test.csv", "config.yaml"}) {
    EXPECT_EQ(read_file(actual / name), read_file(expected / name)) << name;
  }
  EXPECT_EQ(timeless_metrics(actual), timeless_metrics(expected));
}

}  // namespace fer
