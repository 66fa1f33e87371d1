import type { OptOuts } from './rules.ts';

const month =
  '(?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro|primavera|verao|outono|inverno|natal|ferias|carnaval|pascoa|trimestre|semestre|ano|mes|semana|segunda|terca|quarta|quinta|sexta|20\\d\\d|\\d)';
const mails =
  '(?:mails?|e-?mails?|mensagens?|mensagem|publicidade|propaganda|ofertas?|promoc\\w+|spam|newsletters?|comunicac\\w+|envios?|contatos?|contactos?)';

export const portugueseOptOuts: OptOuts = {
  others: [
    '(?:pedidos|solicitacoes) de (?:exclusao|remocao|cancelamento|descadastr\\w+|eliminacao)',
    'automatica\\w*(?: \\S+){0,8}\\?$|(?:remov\\w+|apag\\w+|exclu\\w+)(?: \\S+){0,4} (?:duplicad\\w+|invalid\\w+|inativ\\w+|antig\\w+)|(?:gest\\w+|gerem|gerenci\\w+|tratam)(?: \\S+){0,3} (?:descadastr\\w+|cancelament\\w+)',
    '(?:destinatarios?|clientes?|usuarios?|utilizadores|assinantes?|inscritos|contatos|contactos|leads|leitores|membros|pessoas|gente|funcionarios)(?: \\S+){0,6} (?:cancel\\w+|se descadastr\\w+|descadastr\\w+|desinscrev\\w+|remov\\w+|saem|sair)',
    '(?:taxa|taxas|numero|indice|volume) de (?:\\S+ )?(?:descadastr\\w+|cancelament\\w+|desinscric\\w+|saidas)|(?:muitos|tantos|mais|menos|nossos|os) (?:\\S+ )?(?:descadastr\\w+|cancelament\\w+)',
    '(?:cancelar|parar|pausar|encerrar|rescindir|terminar)(?: \\S+){0,3} (?:plano|assinatura|contrato|teste|licenca|subscricao)(?: \\S+){0,8}\\?$',
    '(?:os|as|todos os) (?:\\S+ )?(?:dados|arquivos|ficheiros|gravacoes|contatos|contactos)(?: \\S+){0,10}\\?$|dados(?: \\S+){0,4} (?:quando|apos|depois|no fim|ao fim|no final)',
  ],
  own: [
    '(?:podem?|poderiam?)(?: por favor)? (?:apagar|excluir|remover) (?:os|meus|nossos|todos)',
    '(?:remov\\w+|retir\\w+|tir\\w+|exclu\\w+|apag\\w+|delet\\w+|descadastr\\w+|cancel\\w+)(?:-| )(?:me|nos)\\b|(?:me|nos) (?:remov\\w+|retir\\w+|tir\\w+|exclu\\w+|apag\\w+|descadastr\\w+|escrev\\w+|contat\\w+|contact\\w+|mand\\w+|envi\\w+)(?! (?:o|a|os|as|uma?|mais|proposta|contrato))',
    '(?:meu|minha|meus|nosso|nossa|nossos|este|esta) (?:e-?mail|mail|endereco|dados|nome|contato|contacto|cadastro)',
    'como (?:faco|fazemos|posso|podemos)(?: \\S+){0,3} (?:cancelar|sair|descadastrar|remover)',
  ],
  later: [
    `(?:ate|antes de|antes do|antes da|durante)(?: (?:o|a|os|as|que|fim|final|inicio|meados|de|do|da|proximo|proxima|pelo menos|mes|meio|este|esta))* ${month}`,
    'por (?:agora|enquanto|ora)',
  ],
  removal: [
    'descadastr\\w*|remov\\w+|retir\\w+|exclu\\w+|apag\\w+|listas?|base de dados|cadastro|lgpd|rgpd|nunca|jamais|spam|cancelar (?:a )?(?:inscri\\w+|subscri\\w+)',
  ],
  contrary: [
    'nao (?:\\S+ ){0,3}(?:para|a) mim,? (?:mas|mand\\w+|envi\\w+|escrev\\w+|fal\\w+)',
    'nao (?:deixe|deixem|pare|parem|paremos) (?:de|por|agora|ai|nunca)(?! (?:mandar|enviar) (?:spam|isso|isto))',
    'nao (?:me |nos )?(?:cheg\\w+|receb\\w+)(?: \\S+){0,5} (?:link|acesso|convite|senha|anexo|proposta|orcamento)',
    'nao adianta escrever',
  ],
  rules: [
    {
      class: 'unsubscribe_request',
      fixed: true,
      when: [
        '(?:coloc\\w+|inclu\\w+|adicion\\w+|pon\\w+)(?:[- ]\\S+){0,3} (?:na|em|a) (?:sua|vossa|uma|tua)? ?lista (?:de (?:exclusao|bloqueio|supressao|nao contat\\w+|nao contact\\w+)|negra)',
        '(?:deixar de|nao|parar de)(?: \\S+)? (?:figurar|constar|aparecer|estar)(?: \\S+)? (?:em|na|nas|nos|no|entre) (?:\\S+ ){0,2}(?:lista|listas|envios|destinatarios|base|contatos|contactos|mailing)',
        '(?:tir|remov|retir|exclu)(?:e|em|a|ar|arem|am|er|erem|ir|irem|assem)?(?:-| )?(?:me|nos|a gente|o meu|meu)(?: \\S+)? (?:dai|daqui|disso|disto|dessa|desta|da lista)|(?:me|nos) (?:tir\\w+|remov\\w+|retir\\w+) (?:dai|daqui|disso|dessa|da)',
        '(?:esquec\\w+|apag\\w+|perca\\w*) (?:\\S+ )?(?:este|meu|nosso|esse) (?:\\S+ )?(?:endereco|e-?mail|mail|contato|contacto)',
        '(?:para|pare|parem|chega|deixa|deixe)(?:m)? de (?:encher|lotar|entupir|inundar)(?: \\S+){0,3} (?:e-?mail|caixa|mail)|nao (?:me |nos )?envi\\w+ mais',
        '^(?:remover|retirar|excluir|descadastrar|sair|apagar)(?: por favor| pf| pfv| obrigad[oa])*$',
        '(?:solicit\\w+|pec\\w+|ped\\w+|rogo|favor|gentileza|exijo)(?: \\S+){0,4} (?:meu|nosso|este|meus|minha|nossos) (?:\\S+ )?(?:e-?mail|mail|endereco|dados|contat\\w+|contact\\w+|nome|cadastro)(?: \\S+){0,3} (?:exclu\\w+|removid\\w+|retirad\\w+|apagad\\w+)|(?:exclu\\w+|remov\\w+|retir\\w+|apag\\w+|delet\\w+|tir\\w+) (?:por favor )?(?:o |a |os |as )?(?:meu|minha|meus|nosso|nossa|nossos|este|esse) (?:\\S+ )?(?:e-?mail|mail|endereco|dados|contat\\w+|contact\\w+|nome|cadastro)',
        `(?:chega|basta|parem?|cessem?|suspendam?)(?: ja)?(?: de| com| os| o| todos os)* (?:\\S+ )?(?:mandar|enviar|escrever|incomodar|insistir|${mails})|(?:ped\\w+|solicit\\w+)(?: \\S+){0,2} (?:cess\\w+|interrup\\w+|suspen\\w+|interromp\\w+)(?: \\S+){0,3} (?:${mails}|qualquer)`,
        `nao (?:\\S+ )?(?:quer\\w+|desej\\w+|aceit\\w+|autoriz\\w+|permit\\w+|consint\\w+|pedi\\w*|solicit\\w+)(?: (?:mais|receber|que|nos|me|nenhum\\w*|esse|este|essa|tipo|de|seus|suas|isto|isso))* (?:${mails}|isto|isso|comercia\\w+|publicitari\\w+|o uso)`,
        `(?:prefir\\w+|prefer\\w+|agradec\\w+|pec\\w+)(?: \\S+){0,3} (?:nao|que nao) (?:\\S+ )?(?:receb\\w+|escrev\\w+|mand\\w+|envi\\w+|contat\\w+|contact\\w+|volt\\w+)`,
        `(?:endereco|caixa|e-?mail|conta)(?: \\S+)? (?:e|serve)(?: \\S+){0,2} (?:so|somente|apenas|exclusiv\\w+|reservad\\w+|para)(?: \\S+){0,8} (?:nao|publicidade|propaganda)`,
        `(?:se|mais um|outro|proxim\\w+|da proxima|caso|novo)(?: \\S+){0,8} (?:insist\\w+|e-?mail|mail|escrev\\w+|mensagem|envi\\w+|mand\\w+|contat\\w+|vez)(?: \\S+){0,6} (?:denunci\\w+|advogad\\w+|bloque\\w+|spam|report\\w+|process\\w+|reclam\\w+|anpd|cnpd|procon)`,
        '(?:nunca|jamais|nao) (?:\\S+ )?(?:autorizei|consenti|me inscrevi|me cadastrei|dei (?:\\S+ )?(?:permissao|autorizacao|consentimento))|nunca (?:\\S+ )?(?:pedi|solicitei) (?:isto|isso|nada|nenhum\\w*|estes?|estas?|esses?|informac\\w+|receber)',
        '(?:cancel\\w+|anul\\w+) (?:a |minha |a minha )?(?:inscric\\w+|subscric\\w+)(?: por favor| ja)*$',
      ],
    },
  ],
};
