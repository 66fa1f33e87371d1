import { useState } from 'react';
import { CodeBlock } from '../../components/copy.tsx';
import { Segmented } from '../../components/field.tsx';
import { Region } from '../../components/page.tsx';

const languages = [
  { value: 'node', label: 'Node' },
  { value: 'python', label: 'Python' },
  { value: 'go', label: 'Go' },
  { value: 'php', label: 'PHP' },
  { value: 'ruby', label: 'Ruby' },
] as const;
type Language = (typeof languages)[number]['value'];

/** Every delivery has the Standard Webhooks headers, whatever its dialect: docs/webhooks.md. */
const snippets: Readonly<Record<Language, (dialect: string) => string>> = {
  node: (dialect) => `// npm install @outrider/sdk. Verify the raw bytes, before any JSON parser.
import { verify } from '@outrider/sdk/webhooks';

app.post('/hook', express.raw({ type: '*/*' }), (request, response) => {
  // Throws when the signature is wrong or too old.
  const event = verify('${dialect}', { headers: request.headers, rawBody: request.body, secret: process.env.OUTRIDER_SECRET });
  response.sendStatus(204); // answer first
  queue.add(event);
});`,
  python: () => `# pip install standardwebhooks. Verify the raw bytes, before any JSON parser.
from standardwebhooks.webhooks import Webhook

@app.post("/hook")
def hook():
    event = Webhook(os.environ["OUTRIDER_SECRET"]).verify(request.data, dict(request.headers))
    queue.put(event)
    return "", 204`,
  go: () => `// go get github.com/standard-webhooks/standard-webhooks/libraries/go
wh, _ := standardwebhooks.NewWebhook(os.Getenv("OUTRIDER_SECRET"))
body, _ := io.ReadAll(r.Body)
if err := wh.Verify(body, r.Header); err != nil {
    http.Error(w, "wrong signature", http.StatusUnauthorized)
    return
}
w.WriteHeader(http.StatusNoContent)`,
  php: () => `// composer require standard-webhooks/standard-webhooks
$webhook = new \\StandardWebhooks\\Webhook(getenv('OUTRIDER_SECRET'));
// The library reads the names of headers in lower case.
$event = $webhook->verify(file_get_contents('php://input'), array_change_key_case(getallheaders()));
http_response_code(204);`,
  ruby: () => `# gem install standardwebhooks
webhook = StandardWebhooks::Webhook.new(ENV.fetch('OUTRIDER_SECRET'))
event = webhook.verify(request.body.read, request.headers)
head :no_content`,
};

/** How to verify a signature, in the reader's language. */
export function Verify({ dialect }: { readonly dialect: string }) {
  const [language, setLanguage] = useState<Language>('node');
  return (
    <Region
      title="Verify the signature"
      end={<Segmented label="Language" options={languages} value={language} onChange={setLanguage} />}
    >
      <CodeBlock text={snippets[language](dialect)} />
    </Region>
  );
}
