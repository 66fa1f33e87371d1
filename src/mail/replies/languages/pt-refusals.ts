import type { Rule } from './rules.ts';

/** How Portuguese says no: never again, rudely, later, or not at all. */
export const portugueseRefusals: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '^(?:por favor,? |favor )?(?:descadastrar|descadastre|descadastro|descadastre-me|me descadastre|remover|remova|remova-me|me remova|cancelar|cancelar inscricao|cancelar subscricao|sair|sair da lista|excluir|excluir email|parar|pare|parem|stop|unsubscribe|chega|remocao|nao quero mais)(?: (?:por favor|obrigad[oa]|ja|imediatamente|agora|da lista))*$',
      '(?:nao|nunca)(?: \\S+){0,3} (?:receber|receba|recebamos|escrev\\w+|contat\\w+|contact\\w+|envi\\w+|mand\\w+|incomod\\w+|perturb\\w+|voltem? a|volte a)(?: \\S+){0,4} ?(?:mais|nunca|e-?mails?|mensagens|publicidade|novamente|contactar|contatar|escrever)|(?:nao|nunca) mais(?: \\S+){0,4} (?:receber|contat\\w+|contact\\w+|envi\\w+|mand\\w+|escrev\\w+|incomod\\w+)',
      '(?:par[ea]m?|deixem?|cessem|pare) (?:ja )?(?:de|com)(?: \\S+)? (?:mandar|enviar|escrever|contactar|contatar|incomodar|encher|fazer spam|os|estes|esses|e-?mails?|mensagens|spam)|(?:nenhum|nem mais um|sem mais|chega de) (?:\\S+ )?(?:e-?mails?|mensage\\w+|contato|contacto|spam)|(?:me|nos) (?:descadastr\\w+|desinscrev\\w+)|descadastr\\w+|desinscri\\w+|cancel\\w+ (?:a |minha |a minha )?(?:inscricao|subscricao|assinatura)|lgpd|rgpd|direito (?:ao esquecimento|de oposicao)|oponho-me|me oponho',
    ],
    unless: [
      'ate (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)',
      '(?:podem|clientes|contatos|usuarios|destinatarios)',
      '(?:conforme|conformidade|adequad\\w+|cumpr\\w+|atende\\w*).{0,20}(?:lgpd|rgpd)',
    ],
  },
  {
    class: 'unsubscribe_request',
    when: [
      '(?:remov\\w+|retir\\w+|exclu\\w+|elimin\\w+|apag\\w+|delet\\w+|tir\\w+|tire|cancel\\w+)(?:-me|-nos)?(?: \\S+){0,5} (?:lista|listas|base|mailing|meus dados|meu e-?mail|meu endereco|meu contato|meu contacto|meu nome|nossos? \\S+|newsletter|cadastro|banco de dados|registros|registos|sistema|envios)',
      '(?:remova|retire|exclua|elimine|apague|tire|tirem|removam|retirem|excluam)-(?:me|nos)|me (?:remova|retire|exclua|elimine|apague|tire|tirem|removam|retirem|excluam)|(?:deixem?|deixa)(?:-| )?(?:me|nos)(?: \\S+)? em paz|me deixem? em paz',
    ],
    unless: ['(?:podem|e possivel|usuarios|clientes)'],
  },
  {
    class: 'hostile',
    when: [
      'merda|porra|caralho|puta|puto|foda-se|foder|fodam|vai se|vao se|babacas?|idiotas?|imbecil|imbecis|otarios?|golpistas?|golpe|ladroes|ladrao|vigaristas?|burloes|burla|palhacos?|lixo|vergonha|sem-vergonha|inferno|que saco|saco cheio|chatos?|nojo|nojento|canalhas?|trouxas?|vagabundos?|desgracados?|aldrabo\\w+|absurdo|palhacada|falta de respeito',
      '(?:meu|minha|nosso|nossos|nossa) advogad\\w+|processar (?:voces|a empresa|voce)|vou processar|denunci\\w+|acao judicial|medidas (?:legais|judiciais)|procon|tribunal|queixa|reclamacao (?:na|no|junto)',
    ],
    unless: ['escritorio de advocacia', 'caixa de lixo', 'pasta de lixo'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:no momento|neste momento|nesse momento|por agora|por enquanto|agora|atualmente|de momento|este ano|para ja)(?:,)?(?: \\S+){0,4} (?:nao|nenhum\\w*|outras prioridades|sem)|nao(?: \\S+){0,4} (?:agora|por enquanto|no momento|neste momento|este ano|ainda|para ja|e prioridade|prioridade|prioritario|bom momento|o momento|melhor momento|boa altura|a melhor altura)|ainda nao|mau momento|ma altura',
      '(?:procur\\w+|contat\\w+|contact\\w+|fal\\w+|lig\\w+|volt\\w+|retom\\w+|escrev\\w+|conversa\\w*|revisit\\w+|lembr\\w+|tent\\w+|cham\\w+|retorn\\w+)(?: \\S+){0,6} (?:mais tarde|mais para a frente|mais pra frente|mais adiante|depois|apos|em (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|alguns|dois|tres|seis|\\d)|no (?:proximo|ano|inicio|fim|final|segundo|primeiro)|na (?:proxima(?! semana)|primavera)|a partir(?! das)|daqui a|proximo|outro momento|outra altura|q[1-4])',
      'o? ?(?:ano que vem|proximo ano|proximo trimestre|proximo semestre)|(?:orcamento|budget|verba)(?: \\S+){0,5} (?:fechad\\w+|esgotad\\w+|congelad\\w+|comprometid\\w+|ate|gast\\w+|este ano)|sem (?:orcamento|verba|budget)|nao (?:temos|ha) (?:orcamento|verba|budget)|mais (?:tarde|para a frente|pra frente|adiante)|contrato(?: \\S+){0,4} (?:ate|vence|vigente|termina)|outras prioridades|em outro momento|noutra altura|projeto\\w* (?:parado|congelado|em pausa)\\w*',
    ],
    unless: ['ferias', 'fora do escritorio', 'nao sou'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'nao,? (?:muito )?obrigad[oa]|obrigad[oa],? mas nao|^nao$|^nao[, ](?=(?:obrigad|temos|tenho|preciso|e para|queremos|quero$))|nao (?:nos|me|te)(?: \\S+)? (?:interessa\\w*|serve|convem|atende)|nao (?:\\S+ ){0,3}?(?:interessad\\w+|temos interesse|tenho interesse|ha interesse|precis\\w+|necessit\\w+|temos necessidade|faz sentido|vemos|vejo|queremos|vamos|e para nos|e o que|se aplica|se encaixa|se enquadra|procuramos|pretendemos|iremos|avancar|prosseguir|contratar|utilizamos|atende)',
      'sem interesse|decidimos (?:nao|por outr\\w+|seguir|continuar)|optamos por (?:nao|outr\\w+)|declin\\w+|recus\\w+|dispens\\w+|muito caro|caro demais|demasiado caro|nenhum interesse|fica para a proxima|passo,? obrigad',
    ],
    unless: ['nao so', 'nao ha problema', 'sem problema', 'nao sou', 'nao trabalha', 'nao trato', 'nao hesite'],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: [
      '(?:ja) (?:\\S+ ){0,2}?(?:temos|tenho|trabalhamos|usamos|utilizamos|contamos|possuimos|somos atendidos|estamos (?:com|bem|satisfeitos|servidos))|(?:estamos|estou) (?:\\S+ )?(?:satisfeit\\w+|bem servid\\w+|content\\w+|bem atendid\\w+)|internamente',
    ],
    unless: ['nao (?:estamos|estou) (?:content|satisfeit)'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:nem|chega de|sem|basta de|nao mais) (?:mais )?(?:um |uma )?(?:e-?mails?|mensage\\w+|spam)(?: \\S+)? ?(?:mais|por favor|$)|(?:tire|tirem|tira|remova|remove|removam|exclua|excluam|retire|retirem|apague|apaguem|delete)(?:-me|-nos)?(?: \\S+){0,4} (?:lista|base|cadastro|mailing|dados|e-?mail|sistema|contatos?|contactos?)|(?:exijo|exigimos|solicito|peco|pedimos|requeiro)(?: \\S+){0,4} (?:exclusao|remocao|eliminacao|cancelamento|retirada|descadastr\\w+|apag\\w+)|nao (?:autorizei|dei|demos|autorizamos)(?: \\S+){0,3} ?(?:autorizacao|permissao|consentimento|contato|uso)?|(?:marcar|marco|marcarei|denunciar)(?: \\S+){0,3} como spam|bloque\\w+|evitem? (?:enviar|contactar|contatar|mandar)|abstenh\\w+ de',
    ],
    unless: ['(?:podem|clientes|usuarios)'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      'chatos?|aldrab\\w+|estupid\\w+|burros?|mentiros\\w+|safados?|picaretas?|farsantes?|ridicul\\w+|patetic\\w+|absurd\\w+|advogad\\w+|calem-se|cala a boca|vao a merda|va a merda|que se lixem|malandros?|enche o saco|enchendo o saco|saco cheio|nao encham',
    ],
    unless: ['escritorio de advoc|somos advogad'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:so|somente|apenas|nao antes|ate)(?: \\S+)? (?:depois|apos|em|no|na|do|da|d[eo]|a partir)(?: \\S+)? (?:verao|inverno|outono|primavera|ferias|janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|proximo|ano|natal|carnaval)(?: \\S+)?|(?:acabamos|acabei) de (?:renovar|assinar|contratar|fechar|trocar|comecar)(?: \\S+){0,4}|(?:falamos|vemos|retomamos|conversamos)(?: \\S+)? (?:mais (?:para|pra|a)|depois|noutra|outra|em|no)|mais (?:para|pra) a? ?frente|muito cedo|cedo demais|talvez (?:mais|no|em|para)|quem sabe (?:mais|no|em|depois)|noutra ocasiao|outra ocasiao|daqui a (?:uns|alguns|seis|tres)|em plena (?:reestruturacao|migracao|mudanca|fusao)|muito ocupad\\w+|sobrecarregad\\w+|atolad\\w+',
    ],
    unless: ['ferias e|fora do escritorio|ausente|estou de ferias'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'nao e (?:para|o que|relevante|viavel|adequado|util|do nosso)|nao (?:me|nos) (?:convence|serve|atende|convem|agrada|atrai)|(?:ja )?(?:esta|temos|estamos)(?: \\S+)? (?:resolvid\\w+|cobert\\w+|atendid\\w+|solucionad\\w+)|nao (?:vamos|pretendemos|pensamos|queremos|planejamos|planeamos|estamos (?:interess|procurando|a procura))(?: \\S+){0,3}|preferimos (?:nao|continuar|ficar)|nao insist\\w+|(?:e|fica) (?:muito|demasiado) (?:caro|complexo|grande)',
    ],
    unless: ['nao so|nao ha (?:problema|pressa)', '(?:segunda|terca|quarta|quinta|sexta|as \\d)'],
  },
  {
    class: 'not_interested',
    fixed: true,
    weak: true,
    when: ['boa sorte|sucesso (?:a|para|com)|tudo de bom'],
  },
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:quero|queremos|desejo|gostaria de|preciso)(?: \\S+)? (?:sair|ser (?:removid|retirad|excluid)\\w+|me descadastrar)(?: \\S+){0,3} ?(?:lista|base|mailing)?|(?:nada de|sem|nao (?:quero|queremos|desejo|aceito)) (?:mais )?(?:publicidade|propaganda|spam|ofertas)|nao (?:tem|tens|possuem|teem) (?:direito|permissao|a minha permissao|autorizacao)',
    ],
    unless: ['sair (?:de|a|para) (?:ferias|almoco)'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      'lembr\\w+(?:-me|-nos)?(?: \\S+){0,2} (?:daqui|em|no|na|depois|para)(?: \\S+){1,3}|daqui a \\S+ (?:meses|semanas)',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: ['nao (?:queremos|quero|vamos|pensamos em|pretendemos) (?:trocar|mudar|substituir|contratar|comprar)'],
  },
  {
    class: 'hostile',
    fixed: true,
    when: ['vigaristas?|aldraboes|golpistas?|ladr\\w+'],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:retom\\w+|vemos|falamos|voltamos|revisit\\w+|conversamos)(?: \\S+){0,3} (?:depois|apos|na volta|mais)|depois (?:das|do|da) (?:ferias|festas|natal|verao|carnaval)|epoca alta|alta temporada|quando (?:isto|isso|tudo|acabar\\w*|terminar\\w*)',
    ],
    unless: ['^estou de ferias|estarei'],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      'nao (?:vemos|vejo|encontramos) (?:a |nenhuma |o |nenhum )?(?:utilidade|sentido|uso|valor|beneficio|necessidade|vantagem)|(?:devo|tenho de|temos de|prefiro|preferimos|vou ter de) (?:declinar|recusar|dizer (?:que )?nao|nao)|(?:continuamos|ficamos|seguimos) com(?: \\S+){1,3}|(?:escolhemos|optamos|preferimos|escolhi)(?: \\S+){0,4}',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: ['palhacad\\w+|besteiras?|babaquice|asneiras?|parem com (?:essa|isso|esta)'],
    unless: ['parem com (?:os|estes|esses) (?:e-?mails|envios)'],
  },
];
