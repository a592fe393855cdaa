// SPDX-License-Identifier: MIT
// REST on the provider side (messages.md 3.2).
#pragma once

#include <optional>

#include "message/rest.hpp"
#include "securityserver/provider/provider_protocol.hpp"
#include "securityserver/provider/service_caller.hpp"
#include "securityserver/services/rest_metadata.hpp"

namespace causeway::securityserver {

class RestProvider final : public ProviderProtocol {
 public:
  RestProvider(ServiceCaller& caller, std::shared_ptr<const globalconf::View> view)
      : caller_(caller), view_(std::move(view)) {}

  Result<void> check_transport(const net::Headers& headers) override;
  Result<ExchangeFacts> read_head(const IncomingMessage& request) override;
  Result<void> check_target(const ServerId&) const override { return {}; }
  Result<std::optional<RequestedEndpoint>> requested_endpoint() const override;
  bool is_metadata() const override { return is_rest_metadata(request_->service.code()); }
  Bytes logged_request(bool with_body) const override;
  net::Task<Result<void>> serve(const Client& provider, const Service* service, IncomingMessage& request,
                                ProviderAnswer& answer) override;
  Bytes logged_response(bool with_body) const override;

 private:
  net::Task<Result<void>> call_service(const Client& provider, const Service& service, IncomingMessage& request,
                                       ProviderAnswer& answer);
  net::Task<Result<void>> send_to_service(net::ClientCall& call, const net::Url& url, IncomingMessage& request);
  net::Task<Result<void>> answer_metadata(const Client& provider, ProviderAnswer& answer);
  net::Task<Result<void>> send_head(const net::ResponseHead& http, const std::string& request_hash,
                                    ProviderAnswer& answer);

  ServiceCaller& caller_;
  std::shared_ptr<const globalconf::View> view_;
  std::string request_id_;  // of the transport header
  std::optional<message::RestRequest> request_;
  std::string request_head_;
  std::string request_hash_;
  std::optional<message::RestResponse> response_;
  std::string response_head_;
};

}  // namespace causeway::securityserver
