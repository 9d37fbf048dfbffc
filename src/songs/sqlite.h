// SQLite behind two small classes; errors are DataErrors that name the file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace fer {

/// A connection.
class Sqlite {
 public:
  /// A database in memory, to be written with bytes().
  static Sqlite in_memory();
  /// An existing file, for reading only.
  static Sqlite open(const std::filesystem::path& path);

  /// Runs statements that give no rows.
  void run(const std::string& sql);
  /// The whole database as the bytes of its file.
  std::string bytes() const;
  /// The value of "PRAGMA <name>".
  int64_t pragma(const std::string& name) const;

  [[noreturn]] void fail_now() const;  ///< with SQLite's own words
  sqlite3* handle() const { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  Sqlite(const std::string& file, int flags, std::filesystem::path path);

  std::filesystem::path path_;
  std::unique_ptr<sqlite3, Close> handle_;
};

/// A prepared statement; `database` must outlive it.
class Statement {
 public:
  Statement(const Sqlite& database, std::string_view sql);

  void bind(int index, std::string_view text);  ///< 1 for the first "?"
  void bind(int index, double value);           ///< NaN is NULL
  void bind(int index, int64_t value);
  void bind_null(int index);
  void text_or_null(int index, const std::string& text);  ///< "" is NULL

  bool step();   ///< false after the last row
  void reset();  ///< to run again, bindings stay

  std::string text(int column) const;  ///< NULL is ""
  double number(int column) const;     ///< NULL is NaN
  int64_t integer(int column) const;

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  void check(int code) const;

  const Sqlite* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace fer
