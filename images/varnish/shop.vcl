vcl 4.1;
# Which pages of a shop are kept, for whom, and how the shop throws them out again. The shop itself says for how long
# (Cache-Control) and which pages belong together (X-Magento-Tags).
import std;

backend web {
  .host = "{{WEB_HOST}}";
  .port = "8082";
  .first_byte_timeout = 100s;
}

acl the_shop {
  "{{WEB_HOST}}";
  "127.0.0.1";
}

sub vcl_recv {
  if (req.url == "/varnish-health" && client.ip ~ the_shop) {
    return (synth(200, "ok"));
  }

  # A product, a category, a price has changed: every page that shows it goes. A pattern of tags tells which.
  if (req.method == "PURGE") {
    # A visitor's question comes from the same address: the door hands it on, and always names the visitor in X-Real-IP.
    if (client.ip !~ the_shop || req.http.X-Real-IP) {
      return (synth(405, "not from there"));
    }
    if (!req.http.X-Magento-Tags-Pattern) {
      return (synth(400, "which pages?"));
    }
    ban("obj.http.X-Magento-Tags ~ " + req.http.X-Magento-Tags-Pattern);
    return (synth(200, "purged"));
  }

  if (req.method != "GET" && req.method != "HEAD") {
    return (pass);
  }
  # Somebody's own pages, and what is a file anyway.
  if (req.url ~ "^/(?:index\.php/)?(?:customer|checkout|rest|static|media|admin_)" || req.http.Authorization) {
    return (pass);
  }
  # GET requests of GraphQL may be kept when the shop gave them a key.
  if (req.url ~ "/graphql" && !req.http.X-Magento-Cache-Id) {
    return (pass);
  }

  # Where somebody came from changes nothing about the page.
  set req.url = regsuball(req.url, "([?&])(?:utm_[a-z]+|gclid|fbclid|msclkid|mc_[ce]id|_ga|_gl)=[^&]*", "\1");
  set req.url = regsuball(req.url, "&&+", "&");
  set req.url = regsub(req.url, "\?&", "?");
  set req.url = regsub(req.url, "[?&]+$", "");
  set req.url = std.querysort(req.url);

  set req.http.X-Vary-Of-Visitor = "";
  if (req.http.Cookie ~ "X-Magento-Vary=") {
    set req.http.X-Vary-Of-Visitor = regsub(req.http.Cookie, "^.*?X-Magento-Vary=([^;]+).*$", "\1");
  }
  return (hash);
}

sub vcl_hash {
  # Currency, group of customers, store view: whoever sees the same has the same value there.
  hash_data(req.http.X-Vary-Of-Visitor);
  hash_data(req.http.X-Forwarded-Proto);
  if (req.url ~ "/graphql") {
    hash_data(req.http.X-Magento-Cache-Id);
    hash_data(req.http.Store);
    hash_data(req.http.Content-Currency);
  }
}

sub vcl_backend_response {
  # Parts of a page that live longer or shorter than it are asked for one by one.
  if (beresp.http.Content-Type ~ "text/html") {
    set beresp.do_esi = true;
  }
  if ((beresp.status != 200 && beresp.status != 404)
      || beresp.ttl <= 0s
      || beresp.http.Cache-Control ~ "private|no-store|no-cache"
      || beresp.http.Vary == "*") {
    call not_kept;
    return (deliver);
  }
  # All cookies of an answer as one, to be looked at. A page for all carries nobody's session.
  std.collect(beresp.http.Set-Cookie);
  if (bereq.http.X-Vary-Of-Visitor == "" && beresp.http.Set-Cookie ~ "X-Magento-Vary=") {
    # Made for somebody whom the question did not name yet: it is not what others ask for.
    call not_kept;
  } elseif (bereq.url ~ "/graphql" && bereq.http.X-Magento-Cache-Id != beresp.http.X-Magento-Cache-Id) {
    call not_kept;
  }
  unset beresp.http.Set-Cookie;
  # While a fresh one is being made, the old one is shown.
  set beresp.grace = 5m;
  return (deliver);
}

sub not_kept {
  # For two minutes nobody waits for somebody else's answer to the same question.
  set beresp.uncacheable = true;
  set beresp.ttl = 120s;
}

sub vcl_deliver {
  set resp.http.X-Cache = "MISS";
  if (obj.hits > 0) {
    set resp.http.X-Cache = "HIT";
  }
  # What a browser may keep is decided anew with every visit; only pages are kept here.
  if (resp.http.Cache-Control !~ "private" && req.url !~ "^/(?:static|media)/") {
    set resp.http.Cache-Control = "no-store, no-cache, must-revalidate, max-age=0";
  }
  unset resp.http.X-Magento-Tags;
  unset resp.http.X-Varnish;
  unset resp.http.Via;
  unset resp.http.Age;
}
