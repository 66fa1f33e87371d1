import type { Rule } from './rules.ts';

const unit =
  '(?:a |o |os |nossa |nosso |minha |meu |um |uma )?(?:matriz|sede(?: \\S+)?|central|setor(?: \\S+){0,2}|departamento(?: \\S+){0,2}|compras|direcao|diretoria|gerencia|gerente|chefe|agencia|administracao|informatica|ti|marketing|socio|socia|dono|dona|grupo|patrao)';

/** What Portuguese speakers say without the words that the other rules look for. */
export const portugueseHints: readonly Rule[] = [
  {
    class: 'unsubscribe_request',
    fixed: true,
    when: [
      '(?:descadastr|desinscrev|descadastramento)\\w*(?: \\S+){0,3}|(?:remov|retir|tir|exclu|delet|apag|elimin|risqu|cancel)(?:a|am|e|em|er|ir|ar|o|an?do|ua|uam|ao)?(?:-me|-nos|-o)?(?: \\S+){0,5} (?:listas?|base|dados|e-?mail|email|mail|endereco|contato|contacto|cadastro|registo|registro|inscricao|assinatura|mailing|nome|sistema|envios?)|(?:remov|retir|tir|exclu|delet|apag|elimin)(?:a|am|e|em|ua|uam)-(?:me|nos)|me (?:tira|tirem|tire|remove|remova|removam|exclua|excluam|descadastra\\w*)(?: \\S+){0,3}',
      '(?:nao|nunca|jamais)(?: \\S+){0,3} (?:envi(?:e|em|es|ar|arem)|mand(?:e|em|es|ar|arem)|escrev(?:a|am|as|er)|contat(?:e|em|ar|ado|ada)|contact(?:e|em|ar|ado|ada)|receb(?:er|a|amos)|receber|incomod(?:e|em|ar)|perturb(?:e|em)|insist(?:a|am)|ligu(?:e|em)|volt(?:e|em) a)(?: \\S+){0,5}|(?:par(?:e|em|a|ar)|deix(?:e|em|a|ar))(?:-me|-nos)?(?: ja)? (?:de|com)(?: me)? (?:envi|mand|escrev|contat|contact|incomod|perturb|spam|esses e|estes e|propagand)\\w*(?: \\S+){0,4}|(?:nao quero|nao desejo|nao queremos|nao gostaria de)(?: \\S+){0,2} (?:mais|receber|seus|suas|os seus|ser contat\\w+|ser contact\\w+|que me)(?: \\S+){0,5}|(?:chega|basta|sem mais|nenhum|nem mais|stop)(?: \\S+){0,3} (?:e-?mails?|emails|mensagens|mensagem|propagandas?|publicidade|spam|contatos?|contactos?)|(?:lgpd|rgpd|protecao de dados)(?: \\S+){0,8} (?:exclu\\w+|remov\\w+|elimin\\w+|apag\\w+|opo\\w+)|(?:exclu|apag|elimin|remov)\\w*(?: \\S+){0,4} (?:dados|informacoes|contato|contacto|cadastro|endereco)(?: \\S+){0,6}|(?:oponho-me|me oponho|direito)(?: \\S+){0,5} (?:oposicao|apagamento|esquecimento|eliminacao|tratamento|uso)|(?:como|onde)(?: \\S+){0,4} (?:descadastr\\w+|cancelo|cancelar a (?:inscricao|assinatura|subscricao)|sair da lista|saio)|(?:deixe|deixem|deixa)-?(?:me|nos)? ?(?:me )?em paz|(?:nao|nunca) (?:autorizei|autorizamos|pedi|pedimos|solicitei|solicitamos|me inscrevi|me cadastrei|dei)(?: \\S+){0,6}|(?:sair|quero sair|sair fora) (?:da|dessa|desta) (?:\\S+ )?lista',
    ],
    unless: [
      '(?:destinatarios|clientes|contatos|contactos|usuarios|utilizadores)(?: \\S+)? (?:podem|pode|se)',
      '(?:podem|pode)(?: \\S+)? (?:se )?(?:descadastrar|cancelar)',
      'ate (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|la|o)',
      'nao (?:recebi|deixe de|hesite)',
      'nao responda',
    ],
  },
  {
    class: 'hostile',
    fixed: true,
    when: [
      '(?:vao|va|vai)(?: \\S+)? (?:trabalhar|se (?:foder|catar|danar|lixar)|para (?:o inferno|o diabo|o caralho|a merda|a puta)|pro (?:inferno|diabo|caralho)|a merda|chatear|pastar|encher|pentear)(?: \\S+){0,3}|(?:bando|cambada|corja|raca) de \\S+|(?:sao|sois|es|voces sao)(?: \\S+){0,3} (?:uns |umas )?(?:golpistas?|vigaristas?|burloes|ladroes|palhacos|parasitas|idiotas?|chatos|picaretas|lixo|vergonha|bandidos|criminosos)|(?:golpistas?|vagabund\\w+|picaretas?|vigaristas?|palhacada|merda|porra|caralho|idiotas?|imbec\\w+|otari\\w+|lixo|safad\\w+|cretin\\w+|nojent\\w+|ridicul\\w+|vergonha|burla|golpe)|(?:processar|processo judicial|denunciar|denuncia|denuncio|queixa|advogad\\w+|procon|policia|tribunal|anpd)(?: \\S+){0,4}|(?:enfi|met)\\w+(?: \\S+){0,5} (?:onde|cu)|calem-se|cala a boca|me enche\\w*|saco cheio|de saco cheio',
    ],
    unless: [
      '(?:sou|somos|escritorio de) advogad\\w+|para advogad\\w+',
      'sem vergonha de',
      'processar (?:pedidos|o pedido|pagamentos|dados)',
    ],
  },
  {
    class: 'left_company',
    fixed: true,
    when: [
      '(?:ja )?nao (?:trabalha|trabalho|faz parte|faco parte|esta|estou|pertence|colabora)(?: mais)?(?: \\S+)? (?:aqui|conosco|connosco|na empresa|da empresa|mais|com a gente|na nossa|da equipa|da equipe|nesta|entre nos)(?: \\S+){0,3}|(?:saiu|sai|deixou|deixei|se desligou|me desliguei|foi desligad\\w+|desligou-se|abandonou|foi embora|pediu demissao|demitiu-se|foi demitid\\w+|despediu-se)(?: \\S+){0,2} ?(?:da|a|do|de|esta|desta|nossa)? ?(?:empresa|companhia|organizacao|firma|equipe|equipa|cargo|emprego|ha|em \\S+)?(?: \\S+){0,2}|(?:se )?(?:aposent|reform|falec)\\w+(?: \\S+){0,3}|(?:mudou|mudei|trocou|troquei) de (?:emprego|empresa|trabalho)|(?:novo emprego|novo trabalho|novo desafio)(?: \\S+){0,2}|(?:meu|seu|o) contrato(?: \\S+){0,3} (?:terminou|acabou|encerrou|chegou ao fim)|ninguem com esse nome|meu ultimo dia',
    ],
    unless: [
      'saiu (?:do|para|de) (?:ar|ferias|almoco|reuniao)|sai de ferias',
      'nao esta(?: mais)? (?:disponivel|interessad\\w+)',
      'reforma (?:da|do|de)|reformul\\w+|reformar',
      'deixou (?:claro|recado|uma|um)|deixei (?:um|uma|claro)',
    ],
  },
  {
    class: 'wrong_person',
    fixed: true,
    when: [
      `(?:pessoa|empresa|numero|endereco|contato|contacto) errad\\w+|(?:responsavel|encarregad\\w+|pessoa (?:certa|indicada|adequada))(?: \\S+){0,3} e (?!(?:para|um|uma)\\b)\\S+|(?:se|esta)(?: \\S+)? (?:enganad\\w+|enganou|enganaram|confundindo|confundiu|equivocad\\w+)(?: \\S+){0,3}|(?:quem|isso|isto|esse assunto|este assunto|as compras|tudo|essa decisao)(?: \\S+)? (?:decide|decidem|trata|cuida|resolve|compra|gere|gerencia|responde|e decidido|e com|fica com|depende|passa)(?: \\S+){0,3} ${unit}|${unit}(?: \\S+)? (?:decide|decidem|cuida|trata|compra|resolve|e quem|e responsavel|gerencia|gere)(?: \\S+){0,3}|(?:nao sou|nao somos|nao e)(?: \\S+){0,3} (?:responsavel|a pessoa|indicad\\w+|quem (?:decide|trata|cuida|resolve)|eu que|comigo|minha area|meu (?:departamento|assunto|trabalho|setor)|minha responsabilidade|da minha)(?: \\S+){0,3}|nao (?:trato|cuido|decido|me ocupo|mexo|lido|gerencio)(?: \\S+){0,4}|(?:encaminh|reencaminh|repass|transmit|pass)(?:ei|o|amos|ando|arei|i|e)(?: \\S+){0,5} (?:para|ao|a|aos) (?:o|a|meu|minha|nosso|nossa|setor|departamento|colega|responsavel|equipe|equipa|diretor\\w*|gerente)(?: \\S+){0,3}|(?:copiando|em copia|copio|coloco em copia|ponho em copia|incluindo)(?: \\S+){0,4}|(?:fale|falem|fala|contate|contacte|procure|procurem|escreva|pergunte|dirija-se)(?: \\S+)? (?:com|a|ao|para|por) (?!(?:mim|mais|partir)\\b)\\S+(?: \\S+){0,3}|(?:sou|aqui e|isto e|este e-?mail e)(?: \\S+)? (?:uma? )?(?:escola|particular|professor\\w*|enfermeir\\w+|dentista|estudante|estagiari\\w+|recepcionista|rececionista|aposentad\\w+)`,
    ],
    unless: [
      'urgencia|urgente|na minha ausencia|durante a minha',
      '(?:combin\\w+|marqu\\w+|agend\\w+)(?: \\S+)? com',
      '(?:quem|como)(?: \\S+){0,5}\\?$',
      'procure(?:-me)? em|me procure|procure-me',
      'automatic\\w+',
    ],
  },
  {
    class: 'auto_reply',
    fixed: true,
    when: [
      '(?:chamado|solicitacao|pedido|mensagem|e-?mail|email|ticket|protocolo|candidatura|inscricao|caso|reclamacao|consulta)(?: \\S+){0,4} (?:abert\\w+|registrad\\w+|registad\\w+|recebid\\w+|criad\\w+|encaminhad\\w+|em analise|atendid\\w+|processad\\w+)(?: \\S+){0,4}|(?:caixa|endereco|e-?mail|conta)(?: \\S+){0,3} nao (?:e|esta) (?:monitorad\\w+|monitorizad\\w+|lid\\w+|verificad\\w+|acompanhad\\w+)|(?:use|utilize|acesse|preencha)(?: \\S+)? (?:o|nosso) (?:formulario|portal|chat)|(?:retornaremos|responderemos|entraremos em contato|entraremos em contacto|daremos retorno|sera respondid\\w+|retornara|respondera)(?: \\S+){0,6}|automatic\\w+|nao responda a (?:este|esta)|numero (?:do|de) (?:protocolo|chamado|ticket)|protocolo(?: \\S+)? \\d+|horario de atendimento|(?:obrigad\\w+|agradecemos) (?:por|pelo|pela) (?:entrar em|contactar|contatar|seu (?:contato|contacto|e-?mail|interesse)|sua (?:mensagem|candidatura|solicitacao))(?: \\S+)?',
    ],
    unless: [
      '(?:nao|sem) (?:temos|tenho|estamos|ha)?(?: \\S+)?interess\\w+',
      '(?:^|, )mas',
      '\\?$',
      '(?:gostaria|quero|queremos|podemos|vamos)',
      'estou (?:de|ausente|em|fora)|ausente|ferias',
    ],
  },
  {
    class: 'out_of_office',
    fixed: true,
    when: [
      '(?:estou|estarei|estamos|estaremos|encontro-me|me encontro|esta)(?: \\S+){0,3} (?:de ferias|em viagem|viajando|de licenca|ausente|ausentes|fora|em formacao|em treinamento|num congresso|em um evento|fechad\\w+|sem acesso|de folga|doente|de baixa)(?: \\S+){0,4}|^(?:de ferias|em viagem|licenca|ausente|fora d|de licenca)(?: \\S+){0,3}|(?:respondo|responderei|retorno|leio|lerei|atendo|atenderei)(?: \\S+){0,4} (?:a partir|na|no dia|em|quando|segunda|terca|quarta|quinta|sexta)(?:\\S*)(?: \\S+){0,3}|licenca (?:ate|maternidade|paternidade|medica|de)|(?:fechad\\w+|encerrad\\w+)(?: \\S+)? (?:para|por|ate|devido|de)(?: \\S+){0,3}|recesso|ferias coletivas|(?:reabrimos|reabriremos)(?: \\S+){0,4}',
    ],
    unless: [
      '(?:falar|ligar|ligue|reuniao|chamada|encontrar)',
      'apos as ferias|depois das ferias',
      '\\?$',
      'nao faz sentido',
    ],
  },
  {
    class: 'not_now',
    fixed: true,
    when: [
      '(?:me )?(?:procur|volt|contat|contact|escrev|fal|retom|lembr|insist|pergunt|tent|convers)(?:e|em|a|am|ar|er|emos|amos|ei)?(?:-me|-nos)?(?: \\S+){0,4} (?:em (?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|alguns|20\\d\\d|uns)|depois|apos|mais tarde|mais a frente|mais para frente|mais pra frente|no (?:proximo|ano|segundo|fim|inicio|outono|verao|inverno)|na (?:primavera|proxima temporada)|ano que vem|quando|daqui|dentro de)(?: \\S+){0,4}|(?:outras|com outras|outros) (?:prioridades|projetos|projectos|assuntos|frentes|demandas)|(?:quem sabe|talvez|eventualmente|mais tarde|mais para frente|mais a frente|futuramente|no futuro)(?: \\S+){0,5}$|nao e (?:\\S+ )?(?:o|bom|melhor|um bom)? ?momento(?: \\S+){0,3}|mau momento|momento ruim|(?:agora|por agora|por enquanto|de momento|no momento|este ano|neste momento|atualmente)(?: \\S+)? nao(?: \\S+){0,5}|(?:acabamos|acabei|acabaram) de (?:assinar|renovar|contratar|trocar|implementar|comecar|investir|comprar)(?: \\S+){0,4}|(?:orcamento|verba|budget)(?: \\S+){0,4} (?:esgotad\\w+|fechad\\w+|congelad\\w+|gast\\w+|comprometid\\w+|acabou|definid\\w+)|(?:contrato|fidelidade|compromisso)(?: \\S+){0,5} ate(?: \\S+){0,3}|(?:em plen[ao]|no meio de|no meio da|no meio do)(?: \\S+){0,3} (?:fusao|mudanca|reestruturacao|migracao|fechamento|reorganizacao)|(?:ano|mes|trimestre|semestre) (?:esta |ta )?(?:complicad\\w+|dificil|apertad\\w+|corrid\\w+)(?: \\S+){0,5}|(?:guardo|guardarei|vou guardar|fica guardado)(?: \\S+){0,4}',
    ],
    unless: [
      '(?:ferias|escritorio|ausente)(?<!apos as ferias|depois das ferias)',
      '(?:segunda|terca|quarta|quinta|sexta|amanha|as \\d)',
      'nao (?:procur|volt|contat|contact|escrev|lig|insist)\\w+',
      'semana|chamada|reuniao',
    ],
  },
  {
    class: 'not_interested',
    fixed: true,
    when: [
      '(?:resolvemos|fazemos|faco|tratamos|gerimos|desenvolvemos|cuidamos|temos)(?: \\S+){0,3} (?:internamente|nos mesmos|nos proprios|eu mesm\\w+|em casa|dentro de casa|propri\\w+|ja)|ja (?:temos|contamos|trabalhamos|usamos|utilizamos|contratamos|fazemos|estamos)(?: \\S+){0,5}|nao (?:faz sentido|vemos|vejo|encontramos|vamos|vou|queremos|quero|precisamos|preciso|necessitamos|nos serve|serve|se aplica|se encaixa|encaixa|compensa|nos interessa|me interessa|interessa|atende|convence|e para (?:nos|mim)|e o que|e do nosso|ha interesse|temos interesse|temos intencao|temos necessidade|pretendemos|pretendo|avancar|avancaremos|seguiremos|prosseguir|contratamos|compramos|usamos|utilizamos)(?: \\S+){0,6}|(?:decidimos|optamos|preferimos|prefiro|escolhemos|decidi|optei)(?: \\S+){0,3} (?:nao|por outr\\w+|outr\\w+|ficar|continuar|manter|seguir)(?: \\S+){0,5}|(?:muito|demasiado|caro demais|cara demais) ?(?:caro|cara|complicad\\w+)?|fora do (?:nosso )?orcamento|(?:recus|declin|dispens|descart)\\w+(?: \\S+){0,4}|(?:boa sorte|sucesso)(?: \\S+){0,4}$|satisfeit\\w+ com|content\\w+ com|(?:nenhum|zero|pouco) interesse|sem interesse|passo,? obrigad\\w+',
    ],
    unless: [
      '(?:no momento|por enquanto|por agora|agora|este ano|atualmente|de momento)',
      'nao (?:estamos|estou) (?:content\\w+|satisfeit\\w+)',
      '(?:voces|ja) tem|\\?$',
      'nao (?:vejo|encontro) (?:o|a) (?:link|anexo|preco)',
      'nao so',
      'muito (?:obrigad\\w+|bom|boa|interess\\w+|bem|prazer|util|legal)(?! mas)',
      '(?:muito|demasiado) \\S+(?<!car[oa]|complicad[oa])$',
    ],
  },
  {
    class: 'interested',
    fixed: true,
    when: [
      '(?:gostaria|gostariamos|adoraria|quero|queremos|queria|gostava)(?: \\S+){0,2} (?:testar|experimentar|ver|conhecer|saber|receber|ter|contratar|avancar|comecar|uma demo|uma proposta|um orcamento|fazer um teste)(?: \\S+){0,3}|(?:conte|conta|diga|explique|fale)(?:-me|-nos)?(?: me| nos)? mais(?: \\S+){0,3}|(?:e bem|exatamente|justamente|exactamente|precisamente)(?: \\S+)? o que (?:procur|precis|busc|estav|quer)\\w+(?: \\S+){0,3}|como (?:contratamos|contrato|comecamos|comeco|faco|fazemos|avancamos|seguimos|procedemos|funciona o proximo)(?: \\S+){0,3}|(?:mand|envi|pass|encaminh|prepar|fac)(?:e|em|a|am|ar|ca|cam)?(?:-me|-nos)?(?: \\S+){0,4} (?:proposta|orcamento|informacoes|informacao|infos?|tabela|precos|preco|detalhes|apresentacao|catalogo|demo|cotacao|material|folheto)(?: \\S+){0,3}|(?:vamos em frente|pode avancar|fechado|negocio fechado|conte comigo|topo|bora|vamos nessa)(?: \\S+){0,2}',
    ],
    unless: [
      '(?:nao|nunca|sem|nenhum\\w*)(?: \\S+){0,3} (?:gost|quer|mand|envi|interess|testar|receber|mais)\\w*',
      'descadastr\\w+|remov\\w+|exclu\\w+',
      'advogad\\w+|denunci\\w+',
    ],
  },
  {
    class: 'meeting_request',
    fixed: true,
    when: [
      '(?:combin|marqu|marc|agend|acert|reserv|organiz)\\w*(?: \\S+){0,6} (?:assistente|secretari\\w+|reuniao|chamada|conversa|horario|data|call|encontro|visita)(?: \\S+){0,3}|(?:combine|acerte|veja) com (?:a |o )?(?:minha|meu) (?:assistente|secretari\\w+)|(?:vamos|podemos|podiamos|que tal|poderiamos) (?:fazer|marcar|agendar|ter|falar|conversar|nos falar|combinar|encontrar\\S*|reunir\\S*)(?: \\S+){0,6}|(?:tenho|temos|teria)(?: \\S+)? (?:disponibilidade|um horario|horario|uma janela|tempo|livre|meia hora|uma hora|uns minutos)(?: \\S+){0,5}|(?:lig|telefon)(?:ue|uem|a|ar|e|em)(?:-me|-nos)?(?: \\S+){0,5}|me (?:liga|ligue|telefona|chama no whatsapp|chame no whatsapp)(?: \\S+){0,4}|(?:pessoalmente|por telefone|por videochamada|presencialmente|num cafe|tomar um cafe|por teams|por zoom)(?: \\S+){0,3}|(?:estou|estarei) (?:livre|disponivel|no escritorio)(?: \\S+){0,5}|(?:passe|passa|venha|vem)(?: \\S+)? (?:aqui|por|no|na|ao)(?: \\S+){0,3}',
    ],
    unless: [
      'ferias|ausente|urgen\\w+|fora do escritorio|licenca',
      'nao(?: \\S+){0,3} (?:lig\\w+|tenho tempo|tenho disponib\\w+|quero falar)',
      '(?:em|para) (?:janeiro|fevereiro|marco|abril|setembro|outubro|novembro|dezembro)|ano que vem|proximo (?:ano|semestre|trimestre)',
      'advogad\\w+',
    ],
  },
];
