// SPDX-License-Identifier: MIT
// What there is to do so that a server becomes what a file says: one call of its API each.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "country/admin_api.hpp"

namespace boost::json {
class object;
}

namespace causeway::country {

enum class Action { add, change, remove };
std::string_view to_string(Action action);

struct Step {
  Action action = Action::add;
  std::string kind;         // "member"
  std::string subject;      // "GOV/1234"
  std::string detail = {};  // what of it, for people
  ApiCall call = {};
  // A step that is about what an earlier one adds: "{number}" in the path of its call stands for what
  // the server called that, which the earlier step `gives` under the name that this one `needs`.
  std::string needs = {}, gives = {};
};

// What the server has, the file has not, and stays.
struct Kept {
  std::string kind, subject, reason;
};

// In the order in which it can be done.
struct Plan {
  std::vector<Step> steps = {};
  std::vector<Kept> kept = {};
};

ApiCall json_call(std::string method, std::string path, const boost::json::object& body);

struct FormFile {
  std::string field, name, content;
};
using FormTexts = std::vector<std::pair<std::string, std::string>>;
// A form of these texts and perhaps a file.
ApiCall form_call(std::string method, std::string path, const FormTexts& texts, std::optional<FormFile> file);

// `name: "before" -> "after"`.
std::string changed(std::string_view name, std::string_view before, std::string_view after);

}  // namespace causeway::country
