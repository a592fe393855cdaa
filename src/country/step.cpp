// SPDX-License-Identifier: MIT
#include "country/step.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "message/form_writing.hpp"

namespace causeway::country {

std::string_view to_string(Action action) {
  switch (action) {
    case Action::add:
      return "add";
    case Action::change:
      return "change";
    case Action::remove:
      break;
  }
  return "delete";
}

ApiCall json_call(std::string method, std::string path, const boost::json::object& body) {
  return {.method = std::move(method),
          .path = std::move(path),
          .content_type = "application/json",
          .body = boost::json::serialize(body)};
}

ApiCall form_call(std::string method, std::string path, const FormTexts& texts, std::optional<FormFile> file) {
  std::vector<message::FormField> fields;
  for (const auto& [name, value] : texts) fields.push_back({.name = name, .value = value});
  if (file) fields.push_back({.name = file->field, .filename = file->name, .value = std::move(file->content)});
  message::WrittenForm form = message::write_form_data(message::FormData(std::move(fields)));
  return {.method = std::move(method),
          .path = std::move(path),
          .content_type = std::move(form.content_type),
          .body = std::move(form.body)};
}

std::string changed(std::string_view name, std::string_view before, std::string_view after) {
  return fmt::format("{}: \"{}\" -> \"{}\"", name, before, after);
}

}  // namespace causeway::country
