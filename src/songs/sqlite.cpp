#include "songs/sqlite.h"

#include <sqlite3.h>

#include <cmath>
#include <limits>

#include "core/error.h"

namespace fer {
namespace fs = std::filesystem;

void Sqlite::Close::operator()(sqlite3* handle) const { sqlite3_close(handle); }

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Sqlite::Sqlite(const std::string& file, int flags, fs::path path)
    : path_(std::move(path)) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) fail_now();
}

Sqlite Sqlite::in_memory() {
  return {":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "memory"};
}

Sqlite Sqlite::open(const fs::path& path) {
  // A name such as ":memory:" or "file:..." must stay a name.
  return {fs::absolute(path).string(), SQLITE_OPEN_READONLY, path};
}

void Sqlite::fail_now() const {
  fail<DataError>(
      "[songs] expected a readable song catalogue; got '{}' ({}). Make it with "
      "`ferbench songs import CSV --db {}`.",
      handle_ ? sqlite3_errmsg(handle_.get()) : "no memory", path_.string(),
      path_.string());
}

void Sqlite::run(const std::string& sql) {
  const int code =
      sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail_now();
}

std::string Sqlite::bytes() const {
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> data(
      sqlite3_serialize(handle_.get(), "main", &size, 0), &sqlite3_free);
  if (!data) fail_now();
  return {reinterpret_cast<const char*>(data.get()), static_cast<size_t>(size)};
}

int64_t Sqlite::pragma(const std::string& name) const {
  Statement statement(*this, "PRAGMA " + name);
  return statement.step() ? statement.integer(0) : 0;
}

Statement::Statement(const Sqlite& database, std::string_view sql)
    : database_(&database) {
  sqlite3_stmt* statement = nullptr;
  const int code =
      sqlite3_prepare_v2(database.handle(), sql.data(),
                         static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
  check(code);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) database_->fail_now();
}

void Statement::bind(int index, std::string_view text) {
  check(sqlite3_bind_text(statement_.get(), index, text.data(),
                          static_cast<int>(text.size()), SQLITE_TRANSIENT));
}

void Statement::bind(int index, double value) {
  check(sqlite3_bind_double(statement_.get(), index, value));
}

void Statement::bind(int index, int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::bind_null(int index) {
  check(sqlite3_bind_null(statement_.get(), index));
}

void Statement::text_or_null(int index, const std::string& text) {
  if (text.empty()) {
    bind_null(index);
  } else {
    bind(index, std::string_view(text));
  }
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) database_->fail_now();
  return code == SQLITE_ROW;
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::string Statement::text(int column) const {
  const unsigned char* text = sqlite3_column_text(statement_.get(), column);
  return text ? reinterpret_cast<const char*>(text) : "";
}

double Statement::number(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL)
    return std::numeric_limits<double>::quiet_NaN();
  return sqlite3_column_double(statement_.get(), column);
}

int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

}  // namespace fer
