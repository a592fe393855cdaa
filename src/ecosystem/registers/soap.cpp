// SPDX-License-Identifier: MIT
#include "ecosystem/registers/soap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "base/clock.hpp"
#include "domain/fault_code.hpp"
#include "xml/document.hpp"
#include "xml/writing.hpp"

namespace causeway::ecosystem {
namespace {

constexpr std::string_view kEnvelope = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view kPopulation = "urn:causeway:population:1";
constexpr std::string_view kBusiness = "urn:causeway:business:1";
constexpr std::string_view kEcho = "urn:causeway:echo:1";
constexpr std::size_t kDefaultLimit = 20, kMaxLimit = 100;

Fault bad(std::string text) { return fault(FaultCode::bad_request, std::move(text)); }

// The body's element, read anew: the exchange only looks at its name.
class Body {
 public:
  static Result<Body> read(const message::SoapMessage& request, std::string_view namespace_uri) {
    std::string_view text = as_text(request.bytes);
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    auto document = xml::Document::parse(text);
    if (!document) return document.error();
    const auto body = document->root().child(kEnvelope, "Body");
    const auto operation = body ? body->first_child() : std::nullopt;
    if (!operation || operation->namespace_uri() != namespace_uri) {
      return bad(fmt::format("the body's element is not in namespace {}", namespace_uri));
    }
    return Body(*std::move(document), *operation, namespace_uri);
  }

  // Empty when the element is not there.
  std::string text(std::string_view name) const { return text_in(operation_, name); }
  Result<std::string> needed(std::string_view name) const {
    std::string value = text(name);
    if (value.empty()) return bad(fmt::format("{} is needed", name));
    return value;
  }
  Result<std::size_t> number(std::string_view name, std::size_t otherwise, std::size_t most) const {
    const std::string value = text(name);
    if (value.empty()) return otherwise;
    std::size_t parsed = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), parsed);
    if (error != std::errc() || end != value.data() + value.size() || parsed > most) {
      return bad(fmt::format("{} is not a number up to {}", name, most));
    }
    return parsed;
  }
  Result<Address> address() const {
    const auto element = operation_.child(namespace_, "address");
    if (!element) return bad("address is needed");
    Address address{text_in(*element, "street"), text_in(*element, "postalCode"), text_in(*element, "town"),
                    text_in(*element, "region")};
    for (const std::string* part : {&address.street, &address.postal_code, &address.town, &address.region}) {
      if (part->empty() || part->size() > 200) return bad("an address has street, postalCode, town and region");
    }
    return address;
  }

 private:
  Body(xml::Document document, xml::Element operation, std::string_view namespace_uri)
      : document_(std::move(document)), operation_(operation), namespace_(namespace_uri) {}

  std::string text_in(const xml::Element& parent, std::string_view name) const {
    const auto element = parent.child(namespace_, name);
    return element ? element->text() : std::string();
  }

  xml::Document document_;
  xml::Element operation_;
  std::string_view namespace_;
};

std::string today() { return to_iso_seconds(now()).substr(0, 10); }

void write(xml::Writer& out, const Address& address) {
  out.open("address")
      .element("street", address.street)
      .element("postalCode", address.postal_code)
      .element("town", address.town)
      .element("region", address.region)
      .close();
}

std::string written(const Person& person) {
  xml::Writer out;
  out.open("person")
      .attribute("xmlns", kPopulation)
      .element("code", person.code)
      .element("givenName", person.given_name)
      .element("surname", person.surname)
      .element("sex", person.sex == Sex::female ? "female" : "male")
      .element("birthDate", person.birth_date)
      .element("citizenship", person.citizenship);
  write(out, person.address);
  out.element("addressSince", person.address_since).close();
  return std::move(out).finish();
}

std::string written(const Company& company) {
  xml::Writer out;
  out.open("company")
      .attribute("xmlns", kBusiness)
      .element("code", company.code)
      .element("name", company.name)
      .element("legalForm", company.legal_form)
      .element("status", company.status)
      .element("registeredDate", company.registered_date)
      .element("shareCapital",
               fmt::format("{}.{:02}", company.share_capital_cents / 100, company.share_capital_cents % 100))
      .element("activityCode", company.activity_code)
      .element("activity", company.activity);
  write(out, company.address);
  out.close();
  return std::move(out).finish();
}

std::string written(const BoardMember& member) {
  xml::Writer out;
  out.open("member")
      .attribute("xmlns", kBusiness)
      .element("personCode", member.person_code)
      .element("givenName", member.given_name)
      .element("surname", member.surname)
      .element("role", member.role)
      .element("since", member.since)
      .close();
  return std::move(out).finish();
}

template <class T>
Result<std::string> written_if_found(const Result<std::optional<T>>& found) {
  if (!found) return found.error();
  return *found ? written(**found) : std::string();
}

Result<std::string> person_by_code(Registers& registers, const Body& body) {
  const auto code = body.needed("code");
  if (!code) return code.error();
  return written_if_found(registers.population->find(*code));
}

Result<std::string> find_persons(Registers& registers, const Body& body) {
  const std::string surname = body.text("surname"), given_name = body.text("givenName");
  if (surname.empty() && given_name.empty()) return bad("surname or givenName is needed");
  const auto offset = body.number("offset", 0, 1'000'000'000), limit = body.number("limit", kDefaultLimit, kMaxLimit);
  if (!offset) return offset.error();
  if (!limit) return limit.error();
  const auto page = registers.population->search(surname, given_name, *offset, *limit);
  if (!page) return page.error();
  std::string all = fmt::format("<total xmlns=\"{}\">{}</total>", kPopulation, page->total);
  for (const Person& person : page->items) all += written(person);
  return all;
}

Result<std::string> change_address(Registers& registers, const Body& body) {
  const auto code = body.needed("code");
  if (!code) return code.error();
  const auto address = body.address();
  if (!address) return address.error();
  return written_if_found(registers.population->change_address(*code, *address, today()));
}

Result<std::string> company_by_code(Registers& registers, const Body& body) {
  const auto code = body.needed("code");
  if (!code) return code.error();
  return written_if_found(registers.business->find(*code));
}

Result<std::string> board_members(Registers& registers, const Body& body) {
  const auto code = body.needed("code");
  if (!code) return code.error();
  const auto board = registers.business->board(*code);
  if (!board) return board.error();
  std::string all;
  if (*board) {
    for (const BoardMember& member : **board) all += written(member);
  }
  return all;
}

struct Operation {
  std::string_view name;
  Result<std::string> (*run)(Registers&, const Body&);
};
constexpr std::array kPopulationOperations = {Operation{"personByCode", person_by_code},
                                              Operation{"findPersons", find_persons},
                                              Operation{"changeAddress", change_address}};
constexpr std::array kBusinessOperations = {Operation{"companyByCode", company_by_code},
                                            Operation{"boardMembers", board_members}};

Result<Bytes> respond(const message::SoapMessage& request, std::string_view operation, std::string_view inner_xml) {
  auto response = message::soap_response(request, std::string(operation) + "Response", inner_xml);
  if (!response) return response.error();
  return std::move(response->bytes);
}

Result<Bytes> run(std::span<const Operation> operations, std::string_view namespace_uri, Registers& registers,
                  const message::SoapMessage& request) {
  for (const Operation& operation : operations) {
    if (operation.name != request.body_element) continue;
    const auto body = Body::read(request, namespace_uri);
    if (!body) return body.error();
    const auto inner = operation.run(registers, *body);
    if (!inner) return inner.error();
    return respond(request, operation.name, *inner);
  }
  return bad("no such operation: " + request.body_element.substr(0, 100));
}

}  // namespace

Result<Bytes> population_soap(Registers& registers, const message::SoapMessage& request) {
  return run(kPopulationOperations, kPopulation, registers, request);
}

Result<Bytes> business_soap(Registers& registers, const message::SoapMessage& request) {
  return run(kBusinessOperations, kBusiness, registers, request);
}

Result<Bytes> echo_soap(const message::SoapMessage& request, const std::vector<EchoedAttachment>& attachments) {
  if (request.body_element != "echo") return bad("no such operation: " + request.body_element.substr(0, 100));
  const auto body = Body::read(request, kEcho);
  if (!body) return body.error();
  xml::Writer text;
  text.open("text").attribute("xmlns", kEcho).text(body->text("text")).close();
  std::string inner = std::move(text).finish();
  for (const EchoedAttachment& attachment : attachments) {
    xml::Writer out;
    out.open("attachment")
        .attribute("xmlns", kEcho)
        .element("contentId", attachment.content_id)
        .element("contentType", attachment.content_type)
        .element("size", std::to_string(attachment.size))
        .element("sha256", attachment.sha256)
        .close();
    inner += std::move(out).finish();
  }
  return respond(request, "echo", inner);
}

}  // namespace causeway::ecosystem
