// SPDX-License-Identifier: MIT
// Reading SOAP. Which error comes first, and what is passed over, follows X-Road's own
// reader: both servers of an exchange must come to the same result.
#include "message/soap.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "domain/fault_code.hpp"
#include "message/content_type.hpp"
#include "message/soap_names.hpp"
#include "message/uri.hpp"
#include "pki/digest.hpp"
#include "xml/sax.hpp"

namespace causeway::message {
namespace {

using xml::SaxAttribute;
using xml::SaxName;
using xml::SaxPlace;

// Fields of the header that are one piece of text.
enum class Field { id, user_id, issue, protocol_version };
constexpr std::array<std::pair<std::string_view, Field>, 4> kFields{{{"id", Field::id},
                                                                     {"userId", Field::user_id},
                                                                     {"issue", Field::issue},
                                                                     {"protocolVersion", Field::protocol_version}}};
// Fields that are identifiers, and the children that each may have.
enum class Identifier { client, service, security_server };
constexpr std::array<std::pair<std::string_view, Identifier>, 3> kIdentifiers{
    {{"client", Identifier::client},
     {"service", Identifier::service},
     {"securityServer", Identifier::security_server}}};
enum Part { kInstance, kClass, kCode, kSubsystem, kServiceCode, kServiceVersion, kServerCode, kPartCount };
constexpr std::array<std::string_view, kPartCount> kPartNames{
    "xRoadInstance", "memberClass", "memberCode", "subsystemCode", "serviceCode", "serviceVersion", "serverCode"};

bool belongs(Part part, Identifier identifier) {
  switch (identifier) {
    case Identifier::client:
      return part <= kSubsystem;
    case Identifier::service:
      return part <= kServiceVersion;
    case Identifier::security_server:
      return part <= kCode || part == kServerCode;
  }
  return false;
}

Fault duplicate(std::string_view name) {
  return fault(FaultCode::duplicate_header_field, "SOAP header field '" + std::string(name) + "' stands twice");
}

Fault missing_field(std::string_view name) {
  return fault(FaultCode::missing_header_field, "SOAP header field '" + std::string(name) + "' is missing");
}

class Reader : public xml::SaxHandler {
 public:
  Result<void> element_begin(const SaxName& name, std::span<const SaxAttribute> attributes, SaxPlace place) override;
  Result<void> element_end(const SaxName& name, SaxPlace place) override;
  Result<void> characters(std::string_view text, SaxPlace place) override;
  Result<void> declaration(std::string_view encoding, SaxPlace place) override;

  Result<Soap> finish(Bytes bytes);

 private:
  // What the element is whose children and text come next.
  enum class Place {
    document,
    envelope,
    header,
    body,
    field,
    request_hash,
    identifier,
    identifier_part,
    party,
    party_part,
    fault,
    fault_field,
    fault_detail,
    fault_detail_text
  };
  using Parts = std::array<std::optional<std::string>, kPartCount>;

  Result<void> begin_in_envelope(const SaxName& name);
  Result<void> begin_in_header(const SaxName& name, std::span<const SaxAttribute> attributes, SaxPlace place);
  Result<void> begin_identifier(Identifier identifier, std::span<const SaxAttribute> attributes);
  Result<void> begin_identifier_part(const SaxName& name);
  Result<void> begin_party_part(const SaxName& name);
  Result<void> begin_in_body(const SaxName& name, SaxPlace place);
  void begin_in_fault(const SaxName& name);
  Result<void> end_field();
  Result<void> end_identifier();
  Result<void> check_complete() const;

  void enter(Place place) {
    places_.push_back(place);
    if (place != Place::fault_detail_text) text_.clear();
  }
  void ignore() { ignored_ = 1; }
  std::optional<std::string>& field(Field which);

  std::vector<Place> places_{Place::document};
  std::size_t ignored_ = 0;  // depth inside of an element that does not matter
  bool in_body_child_ = false;
  std::string text_;

  bool header_seen_ = false, header_finished_ = false, body_seen_ = false, rpc_ = false;
  Field field_{};
  Identifier identifier_{};
  std::size_t part_ = 0;
  Parts parts_;
  std::optional<std::string> id_, user_id_, issue_, protocol_version_;
  std::optional<ClientId> client_;
  std::optional<ServiceId> service_;
  std::optional<ServerId> security_server_;
  std::array<std::optional<std::string>, 2> party_parts_;
  std::optional<RepresentedParty> party_;
  std::optional<std::string> request_hash_, request_hash_algorithm_;
  std::optional<std::string> body_element_;
  std::string body_namespace_;

  bool is_fault_ = false;
  SoapFault fault_;
  std::string* fault_field_ = nullptr;
  std::string fault_detail_, fault_detail_text_;

  SoapLayout layout_;
};

std::optional<std::string>& Reader::field(Field which) {
  switch (which) {
    case Field::id:
      return id_;
    case Field::user_id:
      return user_id_;
    case Field::issue:
      return issue_;
    case Field::protocol_version:
      break;
  }
  return protocol_version_;
}

Result<void> Reader::declaration(std::string_view encoding, SaxPlace place) {
  layout_.encoding = encoding;
  layout_.start = place.end;
  return {};
}

Result<void> Reader::element_begin(const SaxName& name, std::span<const SaxAttribute> attributes, SaxPlace place) {
  if (ignored_ > 0) {
    ++ignored_;
    return {};
  }
  switch (places_.back()) {
    case Place::document:
      if (!name.is(kSoapNamespace, "Envelope"))
        return fault(FaultCode::invalid_soap, "the root of a SOAP message is its Envelope");
      for (const SaxAttribute& attribute : attributes)
        if (attribute.name.is(kSoapNamespace, "encodingStyle")) rpc_ = attribute.value == kSoapEncoding;
      enter(Place::envelope);
      return {};
    case Place::envelope:
      return begin_in_envelope(name);
    case Place::header:
      return begin_in_header(name, attributes, place);
    case Place::identifier:
      return begin_identifier_part(name);
    case Place::party:
      return begin_party_part(name);
    case Place::body:
      return begin_in_body(name, place);
    case Place::fault:
      begin_in_fault(name);
      return {};
    case Place::fault_detail:
      if (name.local == "faultDetail") {
        fault_detail_.clear();
        enter(Place::fault_detail_text);
      } else {
        ignore();
      }
      return {};
    default:
      ignore();
      return {};
  }
}

Result<void> Reader::begin_in_envelope(const SaxName& name) {
  if (name.is(kSoapNamespace, "Header")) {
    if (header_seen_) return fault(FaultCode::invalid_soap, "a SOAP message has one Header");
    header_seen_ = true;
    enter(Place::header);
  } else if (name.is(kSoapNamespace, "Body")) {
    // A second one would let two readers take different bodies for the message.
    if (body_seen_) return fault(FaultCode::invalid_soap, "a SOAP message has one Body");
    body_seen_ = true;
    enter(Place::body);
  } else {
    ignore();
  }
  return {};
}

Result<void> Reader::begin_in_header(const SaxName& name, std::span<const SaxAttribute> attributes, SaxPlace place) {
  if (name.is(kRepresentationNamespace, "representedParty")) {
    if (party_) return duplicate(name.local);
    party_parts_ = {};
    enter(Place::party);
    return {};
  }
  if (name.namespace_uri != kXRoadNamespace) {
    ignore();
    return {};
  }
  for (const auto& [known, which] : kFields) {
    if (name.local != known) continue;
    if (field(which)) return duplicate(name.local);
    if (which == Field::id) layout_.id_tag = {place.begin, place.end};
    field_ = which;
    enter(Place::field);
    return {};
  }
  for (const auto& [known, which] : kIdentifiers) {
    if (name.local != known) continue;
    const bool again = which == Identifier::client    ? client_.has_value()
                       : which == Identifier::service ? service_.has_value()
                                                      : security_server_.has_value();
    if (again) return duplicate(name.local);
    return begin_identifier(which, attributes);
  }
  if (name.local != "requestHash") {
    ignore();
    return {};
  }
  if (request_hash_) return duplicate(name.local);
  layout_.request_hash.begin = place.begin;
  for (const SaxAttribute& attribute : attributes)
    if (attribute.name.is("", "algorithmId")) request_hash_algorithm_ = attribute.value;
  enter(Place::request_hash);
  return {};
}

Result<void> Reader::begin_identifier(Identifier identifier, std::span<const SaxAttribute> attributes) {
  const auto type = std::find_if(attributes.begin(), attributes.end(), [](const SaxAttribute& attribute) {
    return attribute.name.is(kIdentifierNamespace, "objectType");
  });
  if (type == attributes.end())
    return fault(FaultCode::invalid_xml, "an identifier of the SOAP header lacks attribute objectType");
  const bool expected = identifier == Identifier::client    ? type->value == "MEMBER" || type->value == "SUBSYSTEM"
                        : identifier == Identifier::service ? type->value == "SERVICE"
                                                            : type->value == "SERVER";
  if (!expected)
    return fault(FaultCode::invalid_xml, "unexpected objectType '" + std::string(type->value) + "' in the SOAP header");
  identifier_ = identifier;
  parts_ = {};
  enter(Place::identifier);
  return {};
}

Result<void> Reader::begin_identifier_part(const SaxName& name) {
  const auto known = std::find(kPartNames.begin(), kPartNames.end(), name.local);
  const auto part = static_cast<std::size_t>(known - kPartNames.begin());
  if (name.namespace_uri != kIdentifierNamespace || known == kPartNames.end() ||
      !belongs(static_cast<Part>(part), identifier_)) {
    ignore();
    return {};
  }
  if (parts_[part]) return duplicate(name.local);
  part_ = part;
  enter(Place::identifier_part);
  return {};
}

Result<void> Reader::begin_party_part(const SaxName& name) {
  const bool is_class = name.is(kRepresentationNamespace, "partyClass");
  if (!is_class && !name.is(kRepresentationNamespace, "partyCode")) {
    ignore();
    return {};
  }
  part_ = is_class ? 0 : 1;
  if (party_parts_[part_]) return duplicate(name.local);
  enter(Place::party_part);
  return {};
}

Result<void> Reader::begin_in_body(const SaxName& name, SaxPlace place) {
  if (name.is(kSoapNamespace, "Fault")) {
    is_fault_ = true;
    fault_ = {};
    fault_detail_.clear();
    enter(Place::fault);
    return {};
  }
  if (body_element_) return fault(FaultCode::invalid_body, "the Body of a SOAP message has exactly one child");
  body_element_ = name.local;
  body_namespace_ = name.namespace_uri;
  layout_.body_tag = {place.begin, place.end};
  in_body_child_ = true;
  ignore();
  return {};
}

void Reader::begin_in_fault(const SaxName& name) {
  if (name.local == "detail") {
    fault_detail_text_.clear();
    enter(Place::fault_detail);
    return;
  }
  fault_field_ = name.local == "faultcode"     ? &fault_.code
                 : name.local == "faultstring" ? &fault_.text
                 : name.local == "faultactor"  ? &fault_.actor
                                               : nullptr;
  if (fault_field_)
    enter(Place::fault_field);
  else
    ignore();
}

Result<void> Reader::characters(std::string_view text, SaxPlace place) {
  if (ignored_ > 0) return {};
  switch (places_.back()) {
    case Place::header:
      // Pieces of one run of white space follow one another.
      if (text.find_first_not_of(" \t\r\n") != std::string_view::npos) return {};
      if (layout_.header_space.begin == layout_.header_space.end)
        layout_.header_space = {place.begin, place.end};
      else if (layout_.header_space.end == place.begin)
        layout_.header_space.end = place.end;
      return {};
    case Place::fault_detail:
      fault_detail_text_ += text;
      return {};
    case Place::fault_detail_text:
      fault_detail_ += text;
      return {};
    case Place::document:
    case Place::envelope:
    case Place::body:
    case Place::identifier:
    case Place::party:
    case Place::fault:
      return {};
    default:
      text_ += text;
      return {};
  }
}

Result<void> Reader::element_end(const SaxName&, SaxPlace place) {
  if (ignored_ > 0) {
    if (--ignored_ == 0 && in_body_child_) {
      layout_.body_end = place.end;
      in_body_child_ = false;
    }
    return {};
  }
  const Place ended = places_.back();
  places_.pop_back();
  switch (ended) {
    case Place::field:
      if (field_ == Field::id) layout_.id_end = place.end;
      return end_field();
    case Place::request_hash:
      request_hash_ = std::move(text_);
      layout_.request_hash.end = place.end;
      return {};
    case Place::identifier_part:
      parts_[part_] = std::move(text_);
      return {};
    case Place::identifier:
      return end_identifier();
    case Place::party_part:
      party_parts_[part_] = std::move(text_);
      return {};
    case Place::party:
      party_ = RepresentedParty{party_parts_[0].value_or(""), party_parts_[1].value_or("")};
      return {};
    case Place::header:
      header_finished_ = true;
      return {};
    case Place::fault_field:
      *fault_field_ = std::move(text_);
      return {};
    case Place::fault_detail:
      fault_.detail = fault_detail_.empty() ? fault_detail_text_ : fault_detail_;
      return {};
    case Place::envelope:
      return is_fault_ ? Result<void>() : check_complete();
    default:
      return {};
  }
}

Result<void> Reader::end_field() {
  if (field_ == Field::protocol_version && !text_.starts_with("4."))
    return fault(FaultCode::invalid_protocol_version,
                 "message protocol version '" + text_ + "' is not supported: it must start with '4.'");
  field(field_) = std::move(text_);
  return {};
}

Result<void> Reader::end_identifier() {
  const auto part = [this](Part which) { return std::move(parts_[which]).value_or(std::string()); };
  if (identifier_ == Identifier::security_server) {
    auto server = ServerId::make(part(kInstance), part(kClass), part(kCode), part(kServerCode));
    if (!server) return std::move(server).error();
    security_server_ = *std::move(server);
    return {};
  }
  if (parts_[kSubsystem] && parts_[kSubsystem]->empty())
    return fault(FaultCode::internal_error, "an identifier of the SOAP header has an empty subsystemCode");
  auto client = ClientId::make(part(kInstance), part(kClass), part(kCode), part(kSubsystem));
  if (!client) return std::move(client).error();
  if (identifier_ == Identifier::client) {
    client_ = *std::move(client);
    return {};
  }
  auto service = ServiceId::make(*std::move(client), part(kServiceCode), part(kServiceVersion));
  if (!service) return std::move(service).error();
  service_ = *std::move(service);
  return {};
}

Result<void> Reader::check_complete() const {
  if (!header_finished_) return fault(FaultCode::missing_header, "a SOAP message of X-Road has a Header");
  if (!protocol_version_) return missing_field("protocolVersion");
  if (!client_) return missing_field("client");
  if (!id_) return missing_field("id");
  if (!service_) return missing_field("service");
  if (!body_seen_) return fault(FaultCode::missing_body, "a SOAP message has a Body");
  if (!body_element_) return fault(FaultCode::invalid_body, "the Body of a SOAP message has exactly one child");
  if (!body_element_->starts_with(service_->code()))
    return fault(FaultCode::inconsistent_headers,
                 "Body element '" + *body_element_ + "' does not start with serviceCode '" + service_->code() + "'");
  return {};
}

Result<Soap> Reader::finish(Bytes bytes) {
  if (is_fault_) {
    fault_.bytes = std::move(bytes);
    return Soap(std::move(fault_));
  }
  if (auto complete = check_complete(); !complete) return std::move(complete).error();
  const std::string_view text = as_text(bytes);
  if (layout_.start == 0 && text.starts_with("\xef\xbb\xbf")) layout_.start = 3;
  layout_.start = std::min(text.find_first_not_of(" \t\r\n", layout_.start), text.size());
  SoapHeader header{.client = *std::move(client_),
                    .service = *std::move(service_),
                    .id = *std::move(id_),
                    .protocol_version = *std::move(protocol_version_),
                    .user_id = std::move(user_id_),
                    .issue = std::move(issue_),
                    .security_server = std::move(security_server_),
                    .represented_party = std::move(party_),
                    .request_hash = std::move(request_hash_),
                    .request_hash_algorithm = std::move(request_hash_algorithm_)};
  return Soap(SoapMessage{.bytes = std::move(bytes),
                          .header = std::move(header),
                          .body_element = *std::move(body_element_),
                          .body_namespace = std::move(body_namespace_),
                          .rpc_encoded = rpc_,
                          .layout = std::move(layout_)});
}

}  // namespace

Result<Soap> parse_soap(Bytes bytes, std::string_view content_type) {
  const auto type = ContentType::parse(content_type);
  if (!type) return type.error();
  if (type->type != "text/xml" && type->type != "application/xop+xml")
    return fault(FaultCode::invalid_content_type, "a SOAP message is no " + type->type);
  Reader reader;
  xml::SaxReader sax(reader);
  Result<void> read = sax.feed(bytes);
  if (read) read = sax.end();
  if (read) return reader.finish(std::move(bytes));
  // What is no XML at all is no SOAP; invalid_xml is the name for a wrong objectType.
  Fault problem = std::move(read).error();
  if (sax.malformed()) problem.code = to_string(FaultCode::invalid_soap);
  return problem;
}

Fault SoapFault::to_fault() const {
  // Only X-Road's own codes have two spellings; those of information systems stay.
  const std::string_view origin = std::string_view(code).substr(0, code.find('.'));
  const bool ours = origin == "Server" || origin == "Client" || origin == "Signer";
  return Fault{
      .code = ours ? modern_fault_code(code) : code, .text = text, .detail = detail, .actor = actor, .relayed = true};
}

Result<void> check_soap_action(const std::optional<std::string>& value) {
  if (!value || value->empty() || *value == "\"\"") return {};
  const std::string_view text = *value;
  if (text.size() > 2 && text.front() == '"' && text.back() == '"' && is_uri(text.substr(1, text.size() - 2)))
    return {};
  return fault(FaultCode::invalid_soap_action, "SOAPAction is neither empty nor a URI in quotes");
}

Result<void> check_same_header(const SoapMessage& request, const SoapMessage& response) {
  const auto differs = [](std::string_view what) {
    return fault(FaultCode::inconsistent_response,
                 "the response does not belong to the request: " + std::string(what) + " differs")
        .under(to_string(FaultCode::service_failed));
  };
  const SoapHeader &asked = request.header, &answered = response.header;
  if (asked.client != answered.client) return differs("client");
  if (asked.service != answered.service) return differs("service");
  if (asked.user_id != answered.user_id) return differs("userId");
  if (asked.represented_party != answered.represented_party) return differs("representedParty");
  if (asked.issue != answered.issue) return differs("issue");
  if (asked.id != answered.id) return differs("id");
  return {};
}

Result<void> check_consistent(const SoapMessage& request, const SoapMessage& response) {
  if (auto same = check_same_header(request, response); !same) return same;
  const SoapHeader& answered = response.header;
  if (!answered.request_hash)
    return fault(FaultCode::inconsistent_response, "the response lacks the hash of the request");
  const auto hash = from_base64(*answered.request_hash);
  if (!hash || *hash != pki::digest(pki::DigestAlgorithm::sha512, request.bytes))
    return fault(FaultCode::inconsistent_response, "the response holds the hash of another request");
  return {};
}

}  // namespace causeway::message
