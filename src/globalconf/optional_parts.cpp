// SPDX-License-Identifier: MIT
#include "globalconf/optional_parts.hpp"

#include <algorithm>

#include "globalconf/identifier_xml.hpp"
#include "globalconf/xml_cursor.hpp"
#include "xml/writing.hpp"

namespace causeway::globalconf {
namespace {

const std::string kRoot = qualified(kXroadNamespace, "conf");

}  // namespace

Result<std::optional<ClientId>> read_monitoring_client(std::string_view document) {
  XmlCursor xml(document);
  xml.enter(kRoot);
  std::optional<ClientId> client;
  if (xml.enter("monitoringClient")) {
    client = read_client_id_if(xml, "monitoringClientId");
    xml.leave();
  }
  xml.leave();
  if (auto end = xml.finish(); !end) return std::move(end).error();
  return client;
}

Result<std::chrono::seconds> read_ocsp_fetch_interval(std::string_view document) {
  XmlCursor xml(document);
  xml.enter(kRoot);
  const std::chrono::seconds interval(xml.integer("ocspFetchInterval"));
  xml.leave();
  if (auto end = xml.finish(); !end) return std::move(end).error();
  return std::max(interval, kShortestOcspFetchInterval);
}

Result<bool> read_verify_next_update(std::string_view document) {
  XmlCursor xml(document);
  xml.enter(kRoot);
  const bool verify = xml.boolean("verifyNextUpdate");
  xml.leave();
  if (auto end = xml.finish(); !end) return std::move(end).error();
  return verify;
}

std::string write_monitoring_client(const std::optional<ClientId>& client) {
  xml::Writer out = begin_document("conf");
  out.open("monitoringClient");
  if (client) write_client_id(out, "monitoringClientId", *client);
  out.close();
  return end_document(std::move(out));
}

std::string write_ocsp_fetch_interval(std::chrono::seconds interval) {
  xml::Writer out = begin_document("conf");
  out.element("ocspFetchInterval", std::to_string(interval.count()));
  return end_document(std::move(out));
}

std::string write_verify_next_update(bool verify) {
  xml::Writer out = begin_document("conf");
  out.element("verifyNextUpdate", verify ? "true" : "false");
  return end_document(std::move(out));
}

}  // namespace causeway::globalconf
