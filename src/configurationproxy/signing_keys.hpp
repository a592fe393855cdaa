// SPDX-License-Identifier: MIT
// The keys by which an instance signs. They lie in the signer; the instance knows their ids
// and has a certificate for each, a mere container of the public key.
//
// A key is rotated in without a new anchor: add it, wait until all clients have taken up its
// certificate from the published configuration, activate it, later delete the old one.
#pragma once

#include <string>

#include "base/result.hpp"
#include "configurationproxy/instance_configuration.hpp"
#include "signer/management.hpp"

namespace causeway::configurationproxy {

// Takes a key that the signer has into the instance: its certificate is made and saved, then
// conf.ini. The first one becomes active. bad_request when the instance has it already.
Result<void> add_signing_key(InstanceConfiguration& instance, signer::SignerConnection& signer, const std::string& key);
// The same with a new key on `token`; its id.
Result<std::string> generate_signing_key(InstanceConfiguration& instance, signer::SignerConnection& signer,
                                         const std::string& token, bool rsa);
// From now on this one signs. It has to be the instance's and usable.
Result<void> activate_signing_key(InstanceConfiguration& instance, signer::SignerConnection& signer,
                                  const std::string& key);
// From the instance, and from the signer unless another of `instances` has it too: then false.
// bad_request for the active one.
Result<bool> delete_signing_key(const std::filesystem::path& instances, InstanceConfiguration& instance,
                                signer::SignerConnection& signer, const std::string& key);

}  // namespace causeway::configurationproxy
