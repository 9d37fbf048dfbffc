#include "models/safetensors_header.h"

#include <limits>
#include <unordered_set>

#include "config/faults.h"
#include "config/yaml_text.h"
#include "core/error.h"
#include "core/json.h"

namespace fer {
namespace {

constexpr const char* kNoTable = "a header that is no tensor table";
constexpr const char* kTextKey = "__metadata__";

// Called by the parser from token to token; where_ says which object or list
// is open. Nothing nests deeper than a list in a tensor in the table.
class TableReader final : public nlohmann::json_sax<Json> {
 public:
  TensorTable table;

  bool start_object(std::size_t) override {
    if (where_ == Where::kStart) return go(Where::kTable);
    require(where_ == Where::kTable);
    if (key_ == kTextKey) return go(Where::kMetadata);
    if (table.entries.size() == kMaxTensors) {
      throw TableFault{fmt::format("more than {} tensors", kMaxTensors)};
    }
    table.entries.push_back({.name = key_, .dtype = {}, .shape = {}});
    fields_.clear();
    return go(Where::kEntry);
  }

  bool key(std::string& key) override {
    auto& known = where_ == Where::kTable      ? names_
                  : where_ == Where::kMetadata ? texts_
                                               : fields_;
    if (!known.insert(key).second) {
      throw TableFault{fmt::format("the name {} twice", in_quotes(key))};
    }
    key_ = key;
    return true;
  }

  bool end_object() override {
    if (where_ == Where::kTable) return go(Where::kEnd);
    require(where_ == Where::kMetadata || fields_.size() == 3);
    return go(Where::kTable);
  }

  bool start_array(std::size_t) override {
    require(where_ == Where::kEntry);
    if (key_ == "shape") return go(Where::kShape);
    require(key_ == "data_offsets");
    offsets_ = 0;
    return go(Where::kOffsets);
  }

  bool end_array() override {
    require(where_ == Where::kShape || offsets_ == 2);
    return go(Where::kEntry);
  }

  bool string(std::string& text) override {
    if (where_ == Where::kMetadata) {
      table.metadata.emplace_back(key_, text);
    } else {
      require(where_ == Where::kEntry && key_ == "dtype");
      entry().dtype = text;
    }
    return true;
  }

  bool number_unsigned(uint64_t number) override {
    if (where_ == Where::kShape) {
      add_dimension(number);
    } else {
      require(where_ == Where::kOffsets && offsets_ < 2);
      (offsets_++ == 0 ? entry().begin : entry().end) = number;
    }
    return true;
  }

  bool null() override { return refuse(); }
  bool boolean(bool) override { return refuse(); }
  bool number_integer(int64_t) override { return refuse(); }  // negative
  bool number_float(double, const std::string&) override { return refuse(); }
  bool binary(Json::binary_t&) override { return refuse(); }
  bool parse_error(std::size_t, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse();
  }

 private:
  enum class Where {
    kStart,
    kTable,
    kEntry,
    kMetadata,
    kShape,
    kOffsets,
    kEnd
  };

  [[noreturn]] static bool refuse() { throw TableFault{kNoTable}; }
  static void require(bool sound) {
    if (!sound) refuse();
  }
  bool go(Where where) {
    where_ = where;
    return true;
  }
  TableEntry& entry() { return table.entries.back(); }

  void add_dimension(uint64_t number) {
    constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
    std::vector<int64_t>& shape = entry().shape;
    if (number > kMost || shape.size() == kMaxDimensions) {
      throw TableFault{
          fmt::format("an impossible shape in {}", in_quotes(entry().name))};
    }
    shape.push_back(static_cast<int64_t>(number));
  }

  Where where_ = Where::kStart;
  std::string key_;
  int offsets_ = 0;
  std::unordered_set<std::string> names_, texts_, fields_;
};

std::string quoted(const std::string& text) { return Json(text).dump(); }

}  // namespace

TensorTable parse_table(std::string_view text) {
  if (!text.starts_with('{')) throw TableFault{kNoTable};
  if (find_invalid_utf8(text) != std::string_view::npos) {
    throw TableFault{"a header that is not UTF-8"};
  }
  TableReader reader;
  Json::sax_parse(text.begin(), text.end(), &reader);
  return std::move(reader.table);
}

std::string table_text(const TensorTable& table) {
  std::string text = fmt::format("{{\"{}\":{{", kTextKey);
  const char* comma = "";
  for (const auto& [key, value] : table.metadata) {
    text += fmt::format("{}{}:{}", comma, quoted(key), quoted(value));
    comma = ",";
  }
  text += '}';
  for (const TableEntry& entry : table.entries) {
    text +=
        fmt::format(R"(,{}:{{"dtype":{},"shape":{},"data_offsets":[{},{}]}})",
                    quoted(entry.name), quoted(entry.dtype),
                    Json(entry.shape).dump(), entry.begin, entry.end);
  }
  return text + '}';
}

}  // namespace fer
