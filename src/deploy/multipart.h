// The one file of a form (RFC 7578). cpp-httplib has a parser of its own, but
// that one matches header lines with std::regex, whose recursion a long line
// drives through the end of the stack.
#pragma once

#include <string>
#include <string_view>

namespace fer {

/// The boundary in the Content-Type of a form; HttpError 400 where it is
/// missing, longer than 70 characters or made of others than RFC 2046 allows.
std::string boundary_of(std::string_view content_type);

/// The content of the part called `name`, a view of `body`. HttpError 400 where
/// the form is cut off or misshapen or has no such part or more than one.
std::string_view form_file(std::string_view body, std::string_view boundary,
                           std::string_view name);

}  // namespace fer
