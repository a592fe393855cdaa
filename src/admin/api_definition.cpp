// SPDX-License-Identifier: MIT
#include "admin/api_definition.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>
#include <optional>
#include <stdexcept>

#include "admin/schema_check.hpp"
#include "admin/uploaded_file.hpp"
#include "admin/value_permissions.hpp"
#include "admin/yaml_json.hpp"
#include "base/log.hpp"

namespace causeway::admin {
namespace {

namespace json = boost::json;

constexpr std::string_view kPrefix = "/api/v1";
constexpr std::int64_t kUsualBody = 50 * 1024;
// Nobody has it: of x-access: nobody.
constexpr std::string_view kNobody = "NOBODY";

bool is_method(std::string_view name) {
  return name == "get" || name == "post" || name == "put" || name == "patch" || name == "delete";
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string decapitalized(std::string name) {
  if (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return name;
}

// "application/json; charset=utf-8" is application/json.
std::string_view media_type(std::string_view content_type) {
  auto type = content_type.substr(0, content_type.find(';'));
  while (type.ends_with(' ')) type.remove_suffix(1);
  return type;
}

ApiError failure(SchemaCheck::Problems problems) { return {.status = 400, .validation_errors = std::move(problems)}; }

}  // namespace

struct ApiDefinition::State {
  struct Described {
    std::string id, method, path;
    Operation::Permissions permissions = {};
    ValuePermissions by_value;
    bool takes_upload = false, is_public = false;
    std::map<std::string, int, std::less<>> status_of_code = {};
    std::vector<const json::object*> parameters = {};  // resolved
    const json::object* body = nullptr;                // resolved
  };

  explicit State(std::string_view yaml) : document(yaml_as_json(yaml)), schemas(document) {
    check_names(document);
    for (const auto& [path, item] : document.at("paths").as_object()) read_path(path, item.as_object());
  }

  // Of checks and kinds of files: one that is mistyped would be found only by a request.
  static void check_names(const json::value& value) {
    if (value.is_array())
      for (const json::value& each : value.get_array()) check_names(each);
    if (!value.is_object()) return;
    for (const auto& [name, inner] : value.get_object()) {
      if (name == "x-file" && !is_known_file_kind(inner.as_string()))
        throw std::logic_error("there is no kind of file " + std::string(inner.as_string()));
      if (name == "x-validation")
        for (const auto& [field, checks] : inner.as_object())
          for (const json::value& check : checks.as_array())
            if (!is_known_check(check.as_string()))
              throw std::logic_error("there is no check " + std::string(check.as_string()));
      check_names(inner);
    }
  }

  void read_path(std::string_view path, const json::object& item) {
    if (item.contains("servers")) return;  // login and logout, which are no operations of the API
    for (const auto& [method, operation] : item)
      if (is_method(method)) read_operation(path, method, item, operation.as_object());
  }

  void read_operation(std::string_view path, std::string_view method, const json::object& item,
                      const json::object& operation) {
    Described described{.id = std::string(operation.at("operationId").as_string()),
                        .method = upper(method),
                        .path = std::string(kPrefix) + std::string(path),
                        .permissions = permissions_of(operation),
                        .by_value = ValuePermissions(operation)};
    if (const json::value* const access = operation.if_contains("x-access"))
      described.is_public = access->as_string() == "public";
    if (const json::value* const limit = operation.if_contains("x-body-limit"))
      described.takes_upload = limit->as_int64() > kUsualBody;
    for (const json::object* const of : {&item, &operation})
      if (const json::value* const parameters = of->if_contains("parameters"))
        for (const json::value& each : parameters->as_array())
          described.parameters.push_back(&schemas.resolved(each.as_object()));
    if (const json::value* const body = operation.if_contains("requestBody"))
      described.body = &schemas.resolved(body->as_object());
    if (const json::value* const by_status = operation.if_contains("x-error-codes"))
      for (const auto& [status, codes] : by_status->as_object())
        for (const json::value& code : codes.as_array())
          described.status_of_code.emplace(code.as_string(), std::stoi(std::string(status)));
    const std::string id = described.id;
    if (!by_id.emplace(id, std::move(described)).second) throw std::logic_error("two operations are called " + id);
  }

  static Operation::Permissions permissions_of(const json::object& operation) {
    if (const json::value* const permissions = operation.if_contains("x-permission")) {
      Operation::Permissions all;
      for (const json::value& each : permissions->as_array()) all.emplace_back(each.as_string());
      return all;
    }
    const std::string_view access = operation.at("x-access").as_string();
    if (access == "nobody") return {std::string(kNobody)};
    if (access == "any-login" || access == "public") return {};
    throw std::runtime_error("x-access cannot be " + std::string(access));
  }

  // Of what stands in the path or the query.
  std::optional<ApiError> check_parameters(const Described& operation, const ApiRequest& request) const {
    SchemaCheck::Problems problems;
    for (const json::object* const parameter : operation.parameters)
      check_parameter(operation, *parameter, request, problems);
    return problems.empty() ? std::nullopt : std::optional(failure(std::move(problems)));
  }

  void check_parameter(const Described& operation, const json::object& parameter, const ApiRequest& request,
                       SchemaCheck::Problems& problems) const {
    const json::object& referring = parameter.at("schema").as_object();
    const json::object& schema = schemas.resolved(referring);
    const std::string name(parameter.at("name").as_string());
    const json::value* const type = schema.if_contains("type");
    if (type != nullptr && type->as_string() == "object") {
      // Sent as its properties.
      const std::string object = decapitalized(SchemaCheck::name_of(referring)) + "Dto.";
      for (const auto& [property, of_property] : schema.at("properties").as_object())
        check_value(request.query.find(property), of_property.as_object(), object + camel_case(property),
                    object + camel_case(property), problems);
      return;
    }
    const auto in_path = request.path.find(name);
    const bool path = parameter.at("in").as_string() == "path";
    const std::string* const given = !path                           ? request.query.find(name)
                                     : in_path == request.path.end() ? nullptr
                                                                     : &in_path->second;
    check_value(given, schema, name, operation.id + "." + camel_case(name), problems);
    const json::value* const required = parameter.if_contains("required");
    if (given == nullptr && required != nullptr && required->as_bool()) problems[name] = {"NotNull"};
  }

  // `mistyped` names it where it is no value of its type at all.
  void check_value(const std::string* given, const json::object& referring, const std::string& mistyped,
                   const std::string& field, SchemaCheck::Problems& problems) const {
    if (given == nullptr) return;
    if (!schemas.check_given(*given, referring, field, problems)) problems[mistyped] = {"typeMismatch"};
  }

  std::optional<ApiError> check_body(const Described& operation, ApiRequest& request) const {
    if (operation.body == nullptr) return std::nullopt;
    const json::object& content = operation.body->at("content").as_object();
    const json::value* const required = operation.body->if_contains("required");
    if (request.body.empty() && request.content_type.empty())
      return required != nullptr && required->as_bool() ? std::optional(ApiError{.status = 400}) : std::nullopt;
    const json::value* const media = content.if_contains(media_type(request.content_type));
    if (media == nullptr) return ApiError{.status = 415};
    const json::object& schema = media->as_object().at("schema").as_object();
    if (media_type(request.content_type) == "application/json") return check_json(operation, schema, request);
    if (media_type(request.content_type) == "multipart/form-data") return check_form(operation, schema, request);
    return std::nullopt;
  }

  std::optional<ApiError> check_json(const Described& operation, const json::object& schema,
                                     const ApiRequest& request) const {
    boost::system::error_code error;
    const json::value value = json::parse(request.body, error);
    if (error || value.is_null()) return ApiError{.status = 400};
    const std::string name = SchemaCheck::name_of(schema);
    SchemaCheck::Problems problems;
    if (!schemas.check(value, schema, name.empty() ? "" : decapitalized(name) + "Dto.", problems))
      return ApiError{.status = 400};
    if (!problems.empty()) return failure(std::move(problems));
    return operation.by_value.check_body(request.caller, value);
  }

  // Takes the form apart. What is missing is told without saying where, as X-Road does.
  std::optional<ApiError> check_form(const Described& operation, const json::object& schema,
                                     ApiRequest& request) const {
    auto form = message::read_form_data(request.content_type, request.body);
    if (!form) {
      log::warn("admin API: {}: {}", operation.id, form.error().text);
      return ApiError{.status = 400};
    }
    request.form = *std::move(form);
    request.body.clear();
    SchemaCheck::Problems problems;
    const auto properties = schemas.properties(schema);
    for (const SchemaCheck::Property& each : properties) {
      const json::value* const format = each.schema->if_contains("format");
      const bool is_file = format != nullptr && format->as_string() == "binary";
      const std::string* const text = is_file ? nullptr : request.form.text(each.name);
      const bool there = text != nullptr || (is_file && request.form.file(each.name) != nullptr);
      if (!there && each.required) return ApiError{.status = 400};
      check_value(text, *each.schema, std::string(each.name), operation.id + "." + camel_case(each.name), problems);
    }
    if (!problems.empty()) return failure(std::move(problems));
    for (const SchemaCheck::Property& each : properties)
      if (const message::FormField* const file = request.form.file(each.name);
          file != nullptr && each.schema->contains("x-file") && (each.required || !file->value.empty()))
        if (auto refused = check_file(each.schema->at("x-file").as_string(), *file)) return refused;
    return std::nullopt;
  }

  json::value document;
  SchemaCheck schemas;
  std::map<std::string, Described, std::less<>> by_id;
};

ApiDefinition::ApiDefinition(std::unique_ptr<State> state) : state_(std::move(state)) {}
ApiDefinition::~ApiDefinition() = default;

std::shared_ptr<const ApiDefinition> ApiDefinition::parse(std::string_view yaml) {
  return std::shared_ptr<const ApiDefinition>(new ApiDefinition(std::make_unique<State>(yaml)));
}

std::vector<std::string> ApiDefinition::operation_ids() const {
  std::vector<std::string> ids;
  for (const auto& [id, operation] : state_->by_id) ids.push_back(id);
  return ids;
}

std::optional<int> ApiDefinition::status_of(std::string_view id, std::string_view code) const {
  const auto operation = state_->by_id.find(id);
  if (operation == state_->by_id.end()) return std::nullopt;
  const auto found = operation->second.status_of_code.find(code);
  return found == operation->second.status_of_code.end() ? std::nullopt : std::optional(found->second);
}

Operation ApiDefinition::operation(std::string_view id, Operation::Handler handle) const {
  const auto found = state_->by_id.find(id);
  if (found == state_->by_id.end()) throw std::logic_error("the description has no operation " + std::string(id));
  const State::Described& described = found->second;
  Operation operation{described.method,  described.path,         described.permissions,
                      std::move(handle), described.takes_upload, described.is_public};
  operation.check = [state = state_, &described](ApiRequest& request) {
    auto error = state->check_parameters(described, request);
    if (!error) error = state->check_body(described, request);
    return error ? error : described.by_value.check_path(request);
  };
  return operation;
}

}  // namespace causeway::admin
