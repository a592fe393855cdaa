// SPDX-License-Identifier: MIT
#include "globalconf/identifier_xml.hpp"

#include <algorithm>
#include <array>

#include "globalconf/plain_xml_cursor.hpp"
#include "globalconf/xml_cursor.hpp"

namespace causeway::globalconf {
namespace {

constexpr unsigned kIndent = 2;
constexpr std::array<std::string_view, 6> kObjectTypes{"MEMBER",      "SUBSYSTEM",  "SERVER",
                                                       "GLOBALGROUP", "LOCALGROUP", "SERVICE"};
const std::string kObjectType = qualified(kIdentifiersNamespace, "objectType");
const std::string kInstance = qualified(kIdentifiersNamespace, "xRoadInstance");
const std::string kMemberClass = qualified(kIdentifiersNamespace, "memberClass");
const std::string kMemberCode = qualified(kIdentifiersNamespace, "memberCode");
const std::string kSubsystemCode = qualified(kIdentifiersNamespace, "subsystemCode");

}  // namespace

template <class Cursor>
std::optional<ClientId> read_client_id_if(Cursor& xml, std::string_view name) {
  if (!xml.enter_if(name)) return std::nullopt;
  const auto type = xml.attribute(kObjectType);
  if (!type || std::find(kObjectTypes.begin(), kObjectTypes.end(), *type) == kObjectTypes.end()) {
    xml.fail(std::string(name) + " has no object type of the schema");
    return std::nullopt;
  }
  std::string instance(xml.text(kInstance));
  std::string member_class(xml.text(kMemberClass));
  std::string member_code(xml.text(kMemberCode));
  std::optional<std::string> subsystem(xml.text_if(kSubsystemCode));
  xml.leave();
  if (xml.failed()) return std::nullopt;
  // The parts say what it is: readers never held the type against them, and there are
  // configurations whose subsystems are marked MEMBER.
  auto id =
      ClientId::make(std::move(instance), std::move(member_class), std::move(member_code), subsystem.value_or(""));
  if (!id || (subsystem && !id->is_subsystem())) {
    xml.fail(std::string(name) + " has a blank part");
    return std::nullopt;
  }
  return *std::move(id);
}

void write_client_id(xml::Writer& out, std::string_view name, const ClientId& id) {
  out.open(name).attribute("i:objectType", id.is_subsystem() ? "SUBSYSTEM" : "MEMBER");
  out.element("i:xRoadInstance", id.instance());
  out.element("i:memberClass", id.member_class());
  out.element("i:memberCode", id.member_code());
  if (id.is_subsystem()) out.element("i:subsystemCode", id.subsystem());
  out.close();
}

xml::Writer begin_document(std::string_view root) {
  xml::Writer out(kIndent);
  out.declaration().open("t:" + std::string(root));
  out.attribute("xmlns:t", kXroadNamespace).attribute("xmlns:i", kIdentifiersNamespace);
  return out;
}

std::string end_document(xml::Writer&& out) {
  out.close();
  return std::move(out).finish();
}

template <class Cursor>
std::string read_identifier_part(Cursor& xml, std::string_view name) {
  std::string part(xml.text(name));
  if (part.find_first_not_of(" \t\r\n") == std::string::npos) xml.fail(std::string(name) + " is blank");
  return part;
}

template std::optional<ClientId> read_client_id_if(XmlCursor& xml, std::string_view name);
template std::optional<ClientId> read_client_id_if(PlainXmlCursor& xml, std::string_view name);
template std::string read_identifier_part(XmlCursor& xml, std::string_view name);
template std::string read_identifier_part(PlainXmlCursor& xml, std::string_view name);

}  // namespace causeway::globalconf
