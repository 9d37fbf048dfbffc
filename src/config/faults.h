// All that is wrong with an experiment, gathered so that one run shows it all.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

/// Faults in the order in which they were found.
class Faults {
 public:
  /// `where`: "file:line:col", "-s train.epochs=3" or "default"; `key`: the
  /// dotted setting, empty for a fault of the whole file.
  void add(const std::string& where, const std::string& key,
           const std::string& text);

  /// A setting whose value cannot be trusted: faults between settings that
  /// speak of it are left out.
  void distrust(const std::string& key) { keys_.insert(key); }

  bool empty() const { return lines_.empty(); }
  size_t count() const { return lines_.size(); }
  /// Whether `text` may be believed although other settings are wrong.
  bool independent(std::string_view text) const;

  /// ConfigError with one fault a line (the first 50), if there are any.
  void raise() const;

 private:
  std::vector<std::string> lines_;
  std::set<std::string> keys_;
};

/// `text` in quotes, on one line, shortened, for messages.
std::string in_quotes(std::string_view text);

/// "a", "a or b", "a, b or c".
std::string alternatives(const std::vector<std::string>& words);

/// "; did you mean X?" or, where no word is near, "".
std::string suggestion(std::string_view word,
                       const std::vector<std::string>& words,
                       const std::string& prefix = "");

}  // namespace fer
