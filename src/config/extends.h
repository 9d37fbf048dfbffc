// Files that build on files, and overrides from the command line.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "config/tree.h"

namespace fer {

/// Reads an experiment file and everything that it extends into one tree:
/// extended files in their order, later over earlier, the file itself over all.
class ExtendingLoader {
 public:
  explicit ExtendingLoader(Faults& faults) : faults_(faults) {}

  YamlNode load(const std::filesystem::path& path);
  /// The same for text that stands for a file called `name`.
  YamlNode load_text(const std::string& text, const std::string& name);

  /// Every file that was read, base first.
  const std::vector<std::filesystem::path>& sources() const { return sources_; }

 private:
  YamlNode load(const std::filesystem::path& path, const std::string& where);
  YamlNode resolve(YamlNode root, const std::filesystem::path& path);
  bool in_circle(const std::filesystem::path& path, const std::string& where);

  Faults& faults_;
  std::vector<std::filesystem::path> sources_;
  std::vector<std::filesystem::path> chain_;  ///< files being read, outer first
  int loads_ = 0;
};

/// Lays "train.epochs=3" over `root`; the value is YAML.
void apply_override(YamlNode& root, const std::string& text, Faults& faults);

}  // namespace fer
