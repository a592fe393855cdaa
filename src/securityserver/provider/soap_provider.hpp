// SPDX-License-Identifier: MIT
// SOAP on the provider side (messages.md 3.1).
#pragma once

#include <optional>

#include "message/soap.hpp"
#include "securityserver/provider/provider_protocol.hpp"
#include "securityserver/provider/service_caller.hpp"
#include "securityserver/services/soap_metadata.hpp"

namespace causeway::securityserver {

class SoapProvider final : public ProviderProtocol {
 public:
  SoapProvider(ServiceCaller& caller, std::shared_ptr<const globalconf::View> view, std::size_t max_soap)
      : caller_(caller), view_(std::move(view)), max_soap_(max_soap) {}

  Result<void> check_transport(const net::Headers& headers) override;
  Result<ExchangeFacts> read_head(const IncomingMessage& request) override;
  Result<void> check_target(const ServerId& own) const override;
  Result<std::optional<RequestedEndpoint>> requested_endpoint() const override {
    return std::optional<RequestedEndpoint>();
  }
  bool is_metadata() const override { return is_soap_metadata(request_->header.service.code()); }
  Bytes logged_request(bool with_body) const override;
  net::Task<Result<void>> serve(const Client& provider, const Service* service, IncomingMessage& request,
                                ProviderAnswer& answer) override;
  Bytes logged_response(bool with_body) const override;

 private:
  net::Task<Result<void>> call_service(const Client& provider, const Service& service, IncomingMessage& request,
                                       ProviderAnswer& answer);
  net::Task<Result<void>> send_to_service(net::ClientCall& call, const net::Url& url, IncomingMessage& request);
  net::Task<Result<void>> receive_from_service(net::ClientCall& call, ProviderAnswer& answer);
  net::Task<Result<void>> answer_metadata(const Client& provider, ProviderAnswer& answer);

  ServiceCaller& caller_;
  std::shared_ptr<const globalconf::View> view_;
  std::size_t max_soap_;
  std::string original_content_type_, soap_action_, request_id_;
  std::optional<message::SoapMessage> request_, response_;
};

}  // namespace causeway::securityserver
