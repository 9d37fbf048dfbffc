#include "data/fer_csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>

#include "core/error.h"
#include "core/parallel.h"
#include "core/terminal.h"
#include "core/text.h"
#include "data/assemble.h"

namespace fer {
namespace {

constexpr size_t kBatchRows = 4096;
constexpr size_t kMebi = size_t{1} << 20;
constexpr size_t kLargestSide = 4096;

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '"';
  };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

struct Columns {
  size_t emotion, pixels, usage, count;
  static constexpr size_t kNone = static_cast<size_t>(-1);
};

Columns parse_head(std::string head, const std::string& path) {
  if (head.starts_with("\xEF\xBB\xBF")) head.erase(0, 3);
  const std::vector<std::string> names = split(head, ',');
  const auto find = [&](std::string_view name) {
    for (size_t i = 0; i < names.size(); ++i) {
      if (same_word(trim(names[i]), name)) return i;
    }
    return Columns::kNone;
  };
  const Columns columns{find("emotion"), find("pixels"), find("Usage"),
                        names.size()};
  if (columns.emotion == Columns::kNone || columns.pixels == Columns::kNone) {
    fail<DataError>(
        "[fer csv] expected a head with the columns emotion, pixels and "
        "perhaps Usage; got '{}' ({}). Take fer2013.csv or icml_face_data.csv.",
        trim(head.substr(0, 80)), path);
  }
  return columns;
}

/// One row on its way; `problem` is set where it cannot be used.
struct Row {
  std::string line;
  LooseImage image;
  std::string problem;
};

[[noreturn]] void bad_row(const std::string& what) { throw DataError(what); }

Usage parse_usage(std::string_view text) {
  if (text.empty()) return Usage::kNone;
  if (same_word(text, "Training")) return Usage::kTraining;
  if (same_word(text, "PublicTest")) return Usage::kPublicTest;
  if (same_word(text, "PrivateTest")) return Usage::kPrivateTest;
  bad_row(
      fmt::format("its Usage is '{}', not Training, PublicTest or "
                  "PrivateTest",
                  text.substr(0, 40)));
}

const std::string& parse_emotion(std::string_view text) {
  size_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, number);
  if (code != std::errc{} || stop != end || number >= fer_csv_classes().size())
    bad_row(fmt::format("its emotion is '{}', not a number from 0 to 6",
                        text.substr(0, 40)));
  return fer_csv_classes()[number];
}

Image parse_pixels(std::string_view text) {
  Image image;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    if (*at == ' ') {
      ++at;
      continue;
    }
    unsigned value = 0;
    const auto [stop, code] = std::from_chars(at, end, value);
    if (code != std::errc{} || value > 255 || (stop != end && *stop != ' ')) {
      bad_row(fmt::format(
          "its pixel {} is '{}', not a number from 0 to 255",
          image.pixels.size(),
          std::string_view(at, std::find(at, end, ' ')).substr(0, 20)));
    }
    image.pixels.push_back(static_cast<uint8_t>(value));
    at = stop;
  }
  const size_t n = image.pixels.size();
  const auto side =
      static_cast<size_t>(std::lround(std::sqrt(static_cast<double>(n))));
  if (n == 0 || side * side != n || side > kLargestSide)
    bad_row(fmt::format("it has {} pixels, which make no square", n));
  image.width = image.height = static_cast<int>(side);
  return image;
}

class CsvLoader {
 public:
  CsvLoader(const DataConfig& config, bool quiet)
      : config_(config),
        in_(config.path, std::ios::binary),
        filter_(config),
        bar_(fmt::format("Reading {}, MiB", config.path.filename().string()),
             std::filesystem::is_regular_file(config.path)
                 ? std::filesystem::file_size(config.path) / kMebi
                 : 0,
             quiet) {
    std::string head;
    if (!std::filesystem::is_regular_file(config.path) || !in_) {
      fail<DataError>(
          "[fer csv] expected a readable CSV file; got something else ({}). "
          "Check data.path and data.source.",
          config.path.string());
    }
    next_line(head);
    columns_ = parse_head(head, config.path.string());
    bytes_ = head.size() + 1;
  }

  ImageSet run() {
    for (std::string line; next_line(line);) {
      bytes_ += line.size() + 1;
      if (trim(line).empty()) continue;
      batch_.push_back({std::move(line), {}, {}});
      if (batch_.size() == kBatchRows) parse_batch();
    }
    parse_batch();
    bar_.finish();
    return assemble(std::move(images_), std::move(bad_), filter_, config_,
                    Order::kAsRead);
  }

 private:
  // False at the end of the file. A disk that fails is not its end.
  bool next_line(std::string& line) {
    if (std::getline(in_, line)) return true;
    if (!in_.bad()) return false;
    fail<DataError>(
        "[fer csv] expected to read the whole file; got an error after {} "
        "bytes ({}). Check the disk, or copy the file again.",
        bytes_, config_.path.string());
  }

  void parse_batch() {
    for (Row& row : batch_) parse_label(row);
    parallel_for(
        batch_.size(),
        [&](size_t begin, size_t end) {
          for (size_t i = begin; i < end; ++i) parse_image(batch_[i]);
        },
        32);
    for (Row& row : batch_) {
      if (!row.problem.empty()) {
        reject(row);
      } else if (!row.image.pixels.empty()) {
        images_.push_back(std::move(row.image));
      }
    }
    batch_.clear();
    bar_.advance(bytes_ / kMebi - shown_);
    shown_ = bytes_ / kMebi;
  }

  // Serial, because the class filter remembers what it met. A class that is not
  // selected leaves the row without its line, and so without pixels.
  void parse_label(Row& row) {
    row.image.id = fmt::format("row-{}", rows_++);
    try {
      const auto fields = split(row.line, ',');
      if (fields.size() != columns_.count) {
        bad_row(fmt::format("it has {} fields where the head has {}",
                            fields.size(), columns_.count));
      }
      const auto target =
          filter_(parse_emotion(trim(fields[columns_.emotion])));
      if (columns_.usage != Columns::kNone)
        row.image.usage = parse_usage(trim(fields[columns_.usage]));
      row.image.class_name = target.value_or("");
      row.line = target ? fields[columns_.pixels] : "";
    } catch (const DataError& error) {
      row.problem = error.what();
    }
  }

  void parse_image(Row& row) const {
    if (!row.problem.empty() || row.image.class_name.empty()) return;
    try {
      row.image.pixels =
          fit_image(parse_pixels(trim(row.line)), config_).pixels;
    } catch (const DataError& error) {
      row.problem = error.what();
    }
    row.line = {};
  }

  void reject(const Row& row) {
    if (config_.on_bad_image == OnBadImage::kError) {
      fail<DataError>(
          "[fer csv] expected an image; got {}, which cannot be used: {} ({}). "
          "Mend it, or set data.on_bad_image: skip.",
          row.image.id, row.problem, config_.path.string());
    }
    bad_.push_back({row.image.id, row.problem});
  }

  const DataConfig& config_;
  std::ifstream in_;
  Columns columns_{};
  ClassFilter filter_;
  ProgressBar bar_;
  size_t rows_ = 0, bytes_ = 0, shown_ = 0;
  std::vector<Row> batch_;
  std::vector<LooseImage> images_;
  std::vector<BadImage> bad_;
};

}  // namespace

const std::vector<std::string>& fer_csv_classes() {
  static const std::vector<std::string> names = {
      "angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"};
  return names;
}

ImageSet load_fer_csv(const DataConfig& config, bool quiet) {
  return CsvLoader(config, quiet).run();
}

}  // namespace fer
