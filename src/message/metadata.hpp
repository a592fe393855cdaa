// SPDX-License-Identifier: MIT
// Answers of the metadata services (PR-META, PR-MREST; messages.md section 9), written from
// plain values; who may be told what is decided elsewhere.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/identifiers.hpp"
#include "message/rest.hpp"
#include "message/soap.hpp"
#include "net/http_message.hpp"

namespace causeway::message {

// -- GET /listClients

struct ListedClient {
  ClientId id;
  std::string name;  // of the member
  std::optional<std::string> subsystem_name;
};

struct MetadataDocument {
  std::string content_type;
  std::string body;
};

// JSON when an Accept header lists application/json, else XML.
MetadataDocument client_list(std::span<const ListedClient> clients, const net::Headers& request_headers);

// -- SOAP

// `service` is "listMethods" or "allowedMethods"; versions are listed.
Result<SoapMessage> method_list(const SoapMessage& request, std::string_view service,
                                std::span<const ServiceId> services);

// What getWsdl asks for; invalid_request without a serviceCode.
struct WsdlQuery {
  std::string service_code;
  std::string service_version;  // may be empty
};
Result<WsdlQuery> read_wsdl_query(const SoapMessage& request);

// The answer to getWsdl, as a service would send it: SOAP and one attachment.
struct WsdlAnswer {
  std::string content_type;  // with the boundary of body()
  SoapMessage soap;
  std::string attachment_type;
  net::Headers attachment_headers;
  std::string wsdl;

  std::string body() const;
};
// internal_error when `wsdl` is no XML.
Result<WsdlAnswer> wsdl_answer(const SoapMessage& request, std::string_view wsdl);

// The document with every soap:address/@location replaced, so that it does not show where the
// service stands; all else is kept, but other encodings become UTF-8. internal_error.
Result<std::string> anonymous_wsdl(std::string_view wsdl);

// -- REST

struct ListedEndpoint {
  std::string method, path;
};
struct ListedService {
  ServiceId id;
  bool openapi = false;                   // else plain REST
  std::vector<ListedEndpoint> endpoints;  // without the base endpoint
};
// The JSON of listMethods and allowedMethods.
std::string rest_method_list(std::span<const ListedService> services);

// The head of an answer to a REST metadata service: the request's headers come back, and
// Content-Type stands last.
RestResponse rest_metadata_response(const RestRequest& request, std::string request_id, std::string content_type);

// Parameter serviceCode of getOpenAPI, its name in any case; invalid_request.
Result<std::string> openapi_service_code(const std::optional<std::string>& query);

// The document with each servers[].url that holds no {variable} reduced to its path; all else is
// kept. `content_type` and `url` of the document decide between JSON and YAML. internal_error
// when it cannot be read, or is of another OpenAPI version than 3.
Result<std::string> anonymous_openapi(std::string_view document, std::string_view content_type, std::string_view url);

}  // namespace causeway::message
