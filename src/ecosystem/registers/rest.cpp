// SPDX-License-Identifier: MIT
#include "ecosystem/registers/rest.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <optional>

#include "base/clock.hpp"

namespace causeway::ecosystem {
namespace {

namespace json = boost::json;

constexpr std::size_t kDefaultLimit = 20, kMaxLimit = 100;

RestAnswer answer(const json::value& value, int status = 200) {
  return {.status = status, .body = json::serialize(value) + "\n", .allow = {}};
}

RestAnswer failed(const Fault& fault) { return problem(500, "The register cannot answer", fault.text); }

RestAnswer no_such_resource() { return problem(404, "No such resource", "See the OpenAPI document of this service."); }

RestAnswer not_allowed(std::string_view allowed) {
  RestAnswer refused = problem(405, "Method not allowed", fmt::format("Only {} is.", allowed));
  refused.allow = allowed;
  return refused;
}

std::string today() { return to_iso_seconds(now()).substr(0, 10); }

json::object to_json(const Address& address) {
  return {{"street", address.street},
          {"postalCode", address.postal_code},
          {"town", address.town},
          {"region", address.region}};
}

json::object to_json(const Person& person) {
  return {{"code", person.code},
          {"givenName", person.given_name},
          {"surname", person.surname},
          {"sex", person.sex == Sex::female ? "female" : "male"},
          {"birthDate", person.birth_date},
          {"citizenship", person.citizenship},
          {"address", to_json(person.address)},
          {"addressSince", person.address_since}};
}

json::object to_json(const Company& company) {
  const std::string amount =
      fmt::format("{}.{:02}", company.share_capital_cents / 100, company.share_capital_cents % 100);
  return {{"code", company.code},
          {"name", company.name},
          {"legalForm", company.legal_form},
          {"status", company.status},
          {"registeredDate", company.registered_date},
          {"shareCapital", {{"amount", amount}, {"currency", "EUR"}}},
          {"activity", {{"code", company.activity_code}, {"text", company.activity}}},
          {"address", to_json(company.address)}};
}

json::object to_json(const BoardMember& member) {
  return {{"personCode", member.person_code},
          {"givenName", member.given_name},
          {"surname", member.surname},
          {"role", member.role},
          {"since", member.since}};
}

json::object to_json(const BoardPlace& place) {
  return {{"companyCode", place.company_code},
          {"companyName", place.company_name},
          {"role", place.role},
          {"since", place.since}};
}

template <class T>
json::array to_json(const std::vector<T>& values) {
  json::array all;
  for (const T& value : values) all.push_back(to_json(value));
  return all;
}

std::string query_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9')) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", byte);
    }
  }
  return out;
}

std::string text_of(const RestCall& call, const std::string& name) {
  const auto found = call.query.find(name);
  return found == call.query.end() ? std::string() : found->second;
}

// nullopt when it is no number between the two.
std::optional<std::size_t> number_of(const RestCall& call, const std::string& name, std::size_t otherwise,
                                     std::size_t least, std::size_t most) {
  const auto found = call.query.find(name);
  if (found == call.query.end()) return otherwise;
  const std::string& text = found->second;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

struct Window {
  std::size_t offset, limit;
};

std::optional<Window> window_of(const RestCall& call) {
  const auto offset = number_of(call, "offset", 0, 0, 1'000'000'000);
  const auto limit = number_of(call, "limit", kDefaultLimit, 1, kMaxLimit);
  if (!offset || !limit) return std::nullopt;
  return Window{*offset, *limit};
}

RestAnswer bad_window() {
  return problem(400, "Bad paging", fmt::format("offset counts from 0, limit is between 1 and {}.", kMaxLimit));
}

// `names`: the parameters of the search, which the next page repeats.
template <class T>
RestAnswer page_answer(const RestCall& call, const Page<T>& page, std::size_t limit,
                       std::initializer_list<const char*> names) {
  json::object body{{"offset", page.offset}, {"total", page.total}};
  if (page.offset + page.items.size() < page.total && !page.items.empty()) {
    std::string next = fmt::format("?offset={}&limit={}", page.offset + page.items.size(), limit);
    for (const char* name : names) {
      if (call.query.contains(name)) next += fmt::format("&{}={}", name, query_encoded(text_of(call, name)));
    }
    body["next"] = next;
  }
  body["items"] = to_json(page.items);
  return answer(body);
}

// The JSON object that a POST carries, or what is wrong with it.
std::optional<RestAnswer> read_object(const RestCall& call, json::object& into) {
  const std::string type = call.content_type.substr(0, call.content_type.find(';'));
  if (!net::equals_ignoring_case(type, "application/json")) {
    return problem(415, "Unsupported media type", "Send application/json.");
  }
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 8;
  json::value value = json::parse(call.body, error, {}, options);
  if (error) return problem(400, "Not JSON", error.message());
  if (!value.is_object()) return problem(400, "Not a JSON object");
  into = std::move(value.as_object());
  return std::nullopt;
}

// The member's text when it is a string of 1 to `longest` octets.
std::optional<std::string> text_member(const json::object& object, std::string_view name, std::size_t longest) {
  const json::value* value = object.if_contains(name);
  if (!value || !value->is_string()) return std::nullopt;
  const json::string& text = value->as_string();
  if (text.empty() || text.size() > longest) return std::nullopt;
  return std::string(text);
}

std::optional<Address> read_address(const json::object& object) {
  const auto street = text_member(object, "street", 200), postal_code = text_member(object, "postalCode", 5),
             town = text_member(object, "town", 100), region = text_member(object, "region", 100);
  if (!street || !postal_code || !town || !region) return std::nullopt;
  const bool digits =
      std::all_of(postal_code->begin(), postal_code->end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || postal_code->size() != 5) return std::nullopt;
  return Address{*street, *postal_code, *town, *region};
}

RestAnswer person_answer(const Result<std::optional<Person>>& found) {
  if (!found) return failed(found.error());
  if (!*found) return problem(404, "No such person");
  return answer(to_json(**found));
}

RestAnswer find_persons(PopulationRegister& population, const RestCall& call) {
  const std::string surname = text_of(call, "surname"), given_name = text_of(call, "givenName");
  if (surname.empty() && given_name.empty()) return problem(400, "A name is needed", "Give surname or givenName.");
  const auto window = window_of(call);
  if (!window) return bad_window();
  const auto page = population.search(surname, given_name, window->offset, window->limit);
  if (!page) return failed(page.error());
  return page_answer(call, *page, window->limit, {"surname", "givenName"});
}

RestAnswer change_address(PopulationRegister& population, const RestCall& call, const std::string& code) {
  json::object body;
  if (auto wrong = read_object(call, body)) return *wrong;
  const auto address = read_address(body);
  if (!address) {
    return problem(400, "Not an address", "street, postalCode (five digits), town and region are needed.");
  }
  return person_answer(population.change_address(code, *address, today()));
}

RestAnswer find_companies(BusinessRegister& business, const RestCall& call) {
  if (text_of(call, "name").empty()) return problem(400, "A name is needed", "Give name.");
  const auto window = window_of(call);
  if (!window) return bad_window();
  const auto page = business.search(text_of(call, "name"), window->offset, window->limit);
  if (!page) return failed(page.error());
  return page_answer(call, *page, window->limit, {"name"});
}

RestAnswer appoint(Registers& registers, const RestCall& call, const std::string& code) {
  json::object body;
  if (auto wrong = read_object(call, body)) return *wrong;
  const auto person_code = text_member(body, "personCode", 11);
  const auto role = body.contains("role") ? text_member(body, "role", 10) : std::optional<std::string>("member");
  if (!person_code || !role || (*role != "chair" && *role != "member")) {
    return problem(400, "Not an appointment", "personCode is needed; role is chair or member.");
  }
  const auto person = registers.population->find(*person_code);
  if (!person) return failed(person.error());
  if (!*person) return problem(400, "No such person", "personCode is not in the population register.");
  const BoardMember member{*person_code, (*person)->given_name, (*person)->surname, *role, today()};
  const auto outcome = registers.business->appoint(code, member);
  if (!outcome) return failed(outcome.error());
  switch (*outcome) {
    case BusinessRegister::Appointment::no_such_company:
      return problem(404, "No such company");
    case BusinessRegister::Appointment::already_on_board:
      return problem(409, "Already on the board");
    case BusinessRegister::Appointment::done:
      break;
  }
  return answer(to_json(member), 201);
}

RestAnswer board_members(Registers& registers, const RestCall& call, const std::string& code) {
  if (call.method == "POST") return appoint(registers, call, code);
  if (call.method != "GET") return not_allowed("GET, POST");
  const auto board = registers.business->board(code);
  if (!board) return failed(board.error());
  if (!*board) return problem(404, "No such company");
  return answer(to_json(**board));
}

RestAnswer company(BusinessRegister& business, const std::string& code) {
  const auto found = business.find(code);
  if (!found) return failed(found.error());
  if (!*found) return problem(404, "No such company");
  return answer(to_json(**found));
}

RestAnswer companies_of_person(BusinessRegister& business, const std::string& person_code) {
  const auto places = business.places_of(person_code);
  if (!places) return failed(places.error());
  return answer(to_json(*places));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decoded(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0;
    if (escape) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

// Calls `take` with each piece of `text` between separators.
template <class Take>
void split(std::string_view text, char separator, Take take) {
  while (true) {
    const auto at = text.find(separator);
    take(text.substr(0, at));
    if (at == std::string_view::npos) return;
    text.remove_prefix(at + 1);
  }
}

}  // namespace

RestAnswer problem(int status, std::string_view title, std::string_view detail) {
  json::object body{{"status", status}, {"title", title}};
  if (!detail.empty()) body["detail"] = detail;
  return {
      .status = status, .content_type = "application/problem+json", .body = json::serialize(body) + "\n", .allow = {}};
}

RestAnswer population_rest(Registers& registers, const RestCall& call) {
  PopulationRegister& population = *registers.population;
  const auto& path = call.path;
  if (path.empty() || path[0] != "persons" || path.size() > 3) return no_such_resource();
  if (path.size() == 1) return call.method == "GET" ? find_persons(population, call) : not_allowed("GET");
  if (path.size() == 3 && path[2] != "address") return no_such_resource();
  if (!is_personal_code(registers.country, path[1])) {
    return problem(400, "Not a personal code", "Its form or its check character is wrong.");
  }
  if (path.size() == 2) return call.method == "GET" ? person_answer(population.find(path[1])) : not_allowed("GET");
  return call.method == "POST" ? change_address(population, call, path[1]) : not_allowed("POST");
}

RestAnswer business_rest(Registers& registers, const RestCall& call) {
  BusinessRegister& business = *registers.business;
  const auto& path = call.path;
  if (path.size() == 3 && path[0] == "persons" && path[2] == "companies") {
    return call.method == "GET" ? companies_of_person(business, path[1]) : not_allowed("GET");
  }
  if (path.empty() || path[0] != "companies" || path.size() > 3) return no_such_resource();
  if (path.size() == 1) return call.method == "GET" ? find_companies(business, call) : not_allowed("GET");
  if (path.size() == 3 && path[2] != "board-members") return no_such_resource();
  if (!is_registry_code(registers.country, path[1])) {
    return problem(400, "Not a registry code", "Its form or its check digit is wrong.");
  }
  if (path.size() == 3) return board_members(registers, call, path[1]);
  return call.method == "GET" ? company(business, path[1]) : not_allowed("GET");
}

RestCall rest_call_from_http(const net::RequestHead& head, std::string_view prefix, std::string body) {
  RestCall call{.method = head.method, .path = {}, .query = {}, .content_type = {}, .body = std::move(body)};
  std::string_view path = head.path();
  path.remove_prefix(std::min(prefix.size(), path.size()));
  split(path, '/', [&](std::string_view piece) {
    if (!piece.empty()) call.path.push_back(decoded(piece, false));
  });
  if (const auto query = head.query()) {
    split(*query, '&', [&](std::string_view pair) {
      const auto equals = pair.find('=');
      const std::string_view value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
      call.query[decoded(pair.substr(0, equals), true)] = decoded(value, true);
    });
  }
  if (const std::string* type = head.headers.find("content-type")) call.content_type = *type;
  return call;
}

}  // namespace causeway::ecosystem
