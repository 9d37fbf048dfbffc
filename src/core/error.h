// Errors: thrown anywhere, caught once in main, shown as one line.
// Text: "[where] what was expected; got X (file:line:col or path). Way out."
#pragma once

#include <fmt/core.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace fer {

/// Something the user can mend. Exit code 1, no stack trace.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A setting is wrong: the message starts with file:line:col.
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// Data on disk is missing, damaged or not what was promised.
class DataError : public Error {
 public:
  using Error::Error;
};

/// The user pressed Ctrl-C; the state has been saved. Exit code 130.
class Interrupted : public Error {
 public:
  using Error::Error;
};

/// fail<DataError>("[pack] expected version {}; got {} ({}).", 1, v, path);
template <class E = Error, class... Args>
[[noreturn]] void fail(fmt::format_string<Args...> format, Args&&... args) {
  throw E(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace fer
